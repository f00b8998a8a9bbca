import {
  type DurationMs,
  durationMs,
  type EpochMs,
  epochMs,
  formatDuration,
  formatTime,
  HOUR,
  MINUTE,
  SECOND,
} from "../series/time.ts";
import type { Call, Episode, Side } from "./episode.ts";
import { quantity } from "./evidence.ts";
import type { SeriesDetect } from "./watch.ts";

/** A tolerance ends after so many half-lives of the baseline: by then it has shrunk to an eighth. */
const HALF_LIVES = 4;
/** So many half-lives it holds in full: what comes back every night is called normal once and not every morning. */
const IN_FULL = 1;
/** What was called normal may be exceeded by such a part. */
const MARGIN = 0.1;
/** It may last so many times as long in a row as the episode did, and bring so many times the bad events a second. */
const AGAIN = 2;
/** What was short is tolerated for so long in a row. */
const AT_LEAST = 15 * MINUTE;
/** An episode that was shorter never becomes the level that is expected: it was a burst. */
const LEVEL = HOUR;

/** Who called an episode what, and why. */
export interface Word {
  readonly call: Call;
  readonly by: string;
  readonly note: string;
}

/**
 * Values of one subject that a person called normal: as far as they went in an episode, plus a tenth; of a ratio, with twice the
 * bad events a second, or a word on a blip of a few requests would let a flood pass; and twice as long. After a half-life of the baseline the distance from what was expected begins to halve with every further one: by then they are learned, or gone.
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
  /** The most bad events a second; undefined where the value itself says how much there may be. */
  readonly flow: number | undefined;
  /** The longest time in a row; undefined against the slow reference, where lasting is the very thing that was called normal. */
  readonly longest: DurationMs | undefined;
  /** Staying for so long makes it the level that is expected; undefined where it is never learned. */
  readonly learnedAfter: DurationMs | undefined;
  readonly word: Word;
}

/** What of a rule decides how long and how much is tolerated. */
export type Terms = Pick<SeriesDetect, "signal" | "detector" | "against" | "baseline">;

/** What an episode that was called normal makes tolerable. Never more than was really seen in it, but for the margins. */
export function tolerancesOf(episode: Episode, word: Word, at: EpochMs, terms: Terms): readonly Tolerance[] {
  const { reached, normal, seconds, flow } = episode;
  const halfLife = terms.baseline.half_life;
  const until = epochMs(at + HALF_LIVES * halfLife);
  const isRatio = terms.signal.kind === "ratio";
  const most = isRatio ? 1 : Number.POSITIVE_INFINITY;
  const lasted = durationMs(seconds * SECOND);
  const follows = mayFollow(terms);
  const common = {
    ...{ normal, from: at, until, halfLife, word },
    flow: isRatio ? AGAIN * flow : undefined,
    longest: terms.against === "anchor" ? undefined : durationMs(Math.max(AGAIN * lasted, AT_LEAST)),
    learnedAfter: follows && lasted >= LEVEL ? lasted : undefined,
  };
  const found: Tolerance[] = [];
  const { up, down } = reached;
  if (up !== undefined) found.push({ ...common, side: "up", limit: Math.min(most, up * (1 + MARGIN)) });
  if (down !== undefined) found.push({ ...common, side: "down", limit: down / (1 + MARGIN) });
  return found;
}

/** Whether what lasts may become normal under a rule: the slow reference and stated bounds follow nobody. */
export const mayFollow = ({ against, detector }: Terms): boolean => against === "baseline" && detector !== "threshold";

/** The farthest value that is tolerated at an instant; undefined once it has ended. */
export function limitAt({ side, limit, normal, from, until, halfLife }: Tolerance, at: EpochMs): number | undefined {
  if (at >= until) return undefined;
  const left = 2 ** -Math.max(0, (at - from) / halfLife - IN_FULL);
  const target = side === "up" ? Math.min(normal, limit) : Math.max(normal, limit);
  return target + (limit - target) * left;
}

/** How much and how long of it is tolerated, in words after a value: " (at most 4 bad/s, 15m in a row)"; "" where nothing bounds it. */
export function describeBounds(flow: number | undefined, longest: DurationMs | undefined): string {
  const bounds: string[] = [];
  if (flow !== undefined) bounds.push(`at most ${quantity("level", flow)} bad/s`);
  if (longest !== undefined) bounds.push(`${formatDuration(inMinutes(longest))} in a row`);
  return bounds.length > 0 ? ` (${bounds.join(", ")})` : "";
}

/**
 * A tolerance in words: "up to 31 % (at most 4 bad/s, 15m in a row) was called normal by alice on 2026-11-23".
 * @param unit the signal's kind, or "duration" for microseconds
 */
export function describeTolerance({ side, limit, flow, longest, from, word }: Tolerance, unit: string): string {
  const within = describeBounds(side === "up" ? flow : undefined, longest);
  const values = `${side === "up" ? "up" : "down"} to ${quantity(unit, limit)}`;
  return `${values}${within} was called normal by ${word.by} on ${formatTime(from).slice(0, 10)}`;
}

const inMinutes = (duration: DurationMs): DurationMs => durationMs(Math.round(duration / MINUTE) * MINUTE);
