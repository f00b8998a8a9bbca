import type { Explanation, Gates } from "../detectors/detector.ts";
import { type DurationMs, type EpochMs, epochMs, formatTime } from "../series/time.ts";
import type { Call, Episode, Side } from "./episode.ts";
import { sideOf } from "./episode.ts";
import { quantity } from "./evidence.ts";

/** A tolerance ends after so many half-lives of the baseline: by then it has shrunk to an eighth. */
const HALF_LIVES = 4;
/** So many half-lives it holds in full: what comes back every night is called normal once and not every morning. */
const IN_FULL = 1;
/** What was called normal may be exceeded by such a part. */
const MARGIN = 0.1;

/** Who called an episode what, and why. */
export interface Word {
  readonly call: Call;
  readonly by: string;
  readonly note: string;
}

/**
 * Values of one subject that a person called normal: as far as they went in an episode, plus a tenth. After a half-life of the
 * baseline the distance from what was expected begins to halve with every further one: by then they are learned, or gone.
 */
export interface Tolerance {
  readonly side: Side;
  /** The farthest value tolerated when it began. */
  readonly limit: number;
  /** What was expected then. */
  readonly normal: number;
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly halfLife: DurationMs;
  readonly word: Word;
}

/**
 * What an episode that was called normal makes tolerable. Never more than was really seen in it, but for the margin.
 * @param most the greatest value there can be: 1 for a ratio
 */
export function tolerancesOf(
  { reached, normal }: Episode,
  { word, at, halfLife, most }: { word: Word; at: EpochMs; halfLife: DurationMs; most: number },
): readonly Tolerance[] {
  const until = epochMs(at + HALF_LIVES * halfLife);
  const found: Tolerance[] = [];
  const { up, down } = reached;
  const common = { normal, from: at, until, halfLife, word };
  if (up !== undefined) found.push({ ...common, side: "up", limit: Math.min(most, up * (1 + MARGIN)) });
  if (down !== undefined) found.push({ ...common, side: "down", limit: down / (1 + MARGIN) });
  return found;
}

/** The farthest value that is tolerated at an instant; undefined once it has ended. */
export function limitAt({ side, limit, normal, from, until, halfLife }: Tolerance, at: EpochMs): number | undefined {
  if (at >= until) return undefined;
  const left = 2 ** -Math.max(0, (at - from) / halfLife - IN_FULL);
  const target = side === "up" ? Math.min(normal, limit) : Math.max(normal, limit);
  return target + (limit - target) * left;
}

/** The tolerances in force of one subject under one rule. */
export class Tolerances {
  #held: readonly Tolerance[] = [];

  /** Takes further ones; one of the same side takes the place of the one before. */
  grant(tolerances: readonly Tolerance[]): void {
    const sides = new Set(tolerances.map(({ side }) => side));
    this.#held = [...this.#held.filter(({ side }) => !sides.has(side)), ...tolerances];
  }

  /** Those that have not ended. */
  at(at: EpochMs): readonly Tolerance[] {
    if (this.#held.some(({ until }) => at >= until)) this.#held = this.#held.filter(({ until }) => at < until);
    return this.#held;
  }

  /** Who called a value normal, or one further from it, that a rule looking in a direction sees; undefined where nobody did. */
  cover(gates: Gates, observed: number, expected: number, at: EpochMs): string | undefined {
    const side = sideOf(gates.direction, observed, expected);
    const held = this.#held.find((tolerance) => tolerance.side === side);
    const limit = held && limitAt(held, at);
    if (limit === undefined || (side === "up" ? observed > limit : observed < limit)) return undefined;
    return held?.word.by;
  }

  /** A rule's conditions with values up to the limit taken out, where the rule looks upwards only. */
  widen(gates: Gates, at: EpochMs): Gates {
    const limit = gates.direction === "up" ? this.#limit("up", at) : undefined;
    if (limit === undefined) return gates;
    const { above, lasting, learningAbove } = gates;
    return {
      ...gates,
      above: Math.max(above, limit),
      lasting: { ...lasting, above: Math.max(lasting.above, limit) },
      learningAbove: Math.max(learningAbove, limit),
    };
  }

  /** An explanation with the band as wide as what is tolerated. */
  stretch(explanation: Explanation, at: EpochMs): Explanation {
    const [up, down] = [this.#limit("up", at), this.#limit("down", at)];
    const { lower, upper } = explanation;
    return {
      ...explanation,
      ...(up !== undefined && upper !== undefined && { upper: Math.max(upper, up) }),
      ...(down !== undefined && lower !== undefined && { lower: Math.min(lower, down) }),
    };
  }

  #limit(side: Side, at: EpochMs): number | undefined {
    const held = this.#held.find((tolerance) => tolerance.side === side);
    return held && limitAt(held, at);
  }
}

/**
 * A tolerance in words: "up to 31 % was called normal by alice on 2026-11-23".
 * @param unit the signal's kind, or "duration" for microseconds
 */
export function describeTolerance({ side, limit, from, word }: Tolerance, unit: string): string {
  const values = `${side === "up" ? "up" : "down"} to ${quantity(unit, limit)}`;
  return `${values} was called normal by ${word.by} on ${formatTime(from).slice(0, 10)}`;
}
