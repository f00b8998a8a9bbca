import type { Explanation, Gates } from "../detectors/detector.ts";
import type { Reading } from "../series/reading.ts";
import { type EpochMs, epochMs, SECOND } from "../series/time.ts";
import { SAME, type Side, secondsOf, sideOf } from "./episode.ts";
import { limitAt, type Tolerance } from "./tolerance.ts";

/** The tolerances in force of one subject under one rule, and how much of the time they allow was used. */
export class Tolerances {
  #held: readonly Tolerance[] = [];
  /** Seconds of what would have been an alarm: of one happening, pauses not counted … */
  #trusted = 0;
  /** … and without a pause. */
  #stayed = 0;
  /** Seconds since it paused. */
  #pause = 0;

  /** Takes further ones; one of the same side takes the place of the one before. Their time begins anew. */
  grant(tolerances: readonly Tolerance[]): void {
    const sides = new Set(tolerances.map(({ side }) => side));
    this.#held = [...this.#held.filter(({ side }) => !sides.has(side)), ...tolerances];
    this.#trusted = 0;
    this.#stayed = 0;
    this.#pause = 0;
  }

  /** Those that have not ended. */
  at(at: EpochMs): readonly Tolerance[] {
    if (this.#held.some(({ until }) => at >= until)) this.#held = this.#held.filter(({ until }) => at < until);
    return this.#held;
  }

  /** Seconds for which a happening passed as normal until its time was used up; 0 where there is time left. */
  get usedUp(): number {
    return this.#held.some((tolerance) => this.#isUsedUp(tolerance)) ? this.#trusted : 0;
  }

  /** What was called normal and has stayed for so long that it is the level to expect. */
  isLevel({ learnedAfter }: Tolerance): boolean {
    return learnedAfter !== undefined && this.#stayed * SECOND >= learnedAfter;
  }

  /**
   * The tolerance within which a value lies that a rule looking in a direction sees; undefined where nobody called it normal, nor
   * one further from it, or not so much or so long of it.
   */
  cover(gates: Gates, reading: Reading, observed: number, expected: number): Tolerance | undefined {
    const side = sideOf(gates.direction, observed, expected);
    const tolerance = this.#open(side, gates, reading);
    const limit = tolerance && limitAt(tolerance, epochMs(reading.at));
    if (limit === undefined || (side === "up" ? observed > limit : observed < limit)) return undefined;
    return tolerance;
  }

  /** A rule's conditions with values up to the limit taken out, where the rule looks upwards only. */
  widen(gates: Gates, reading: Reading): Gates {
    const limit = gates.direction === "up" ? this.#limit("up", gates, reading) : undefined;
    if (limit === undefined) return gates;
    const { above, lasting, learningAbove } = gates;
    return {
      ...gates,
      above: Math.max(above, limit),
      lasting: { ...lasting, above: Math.max(lasting.above, limit) },
      learningAbove: Math.max(learningAbove, limit),
    };
  }

  /** An explanation with the band as wide as what is tolerated of the reading. */
  stretch(explanation: Explanation, gates: Gates, reading: Reading): Explanation {
    const [up, down] = [this.#limit("up", gates, reading), this.#limit("down", gates, reading)];
    const { lower, upper } = explanation;
    return {
      ...explanation,
      ...(up !== undefined && upper !== undefined && { upper: Math.max(upper, up) }),
      ...(down !== undefined && lower !== undefined && { lower: Math.min(lower, down) }),
    };
  }

  /** A reading would have been an alarm, had nobody called it normal. */
  spend(reading: Reading): void {
    this.#trusted += secondsOf(reading);
    this.#stayed += secondsOf(reading);
    this.#pause = 0;
  }

  /** A reading is an alarm all the same. */
  exceed(): void {
    this.#stayed = 0;
    this.#pause = 0;
  }

  /** A reading is no alarm by itself. After a pause that ends an episode the next is another happening, with time of its own. */
  rest(reading: Reading): void {
    this.#stayed = 0;
    this.#pause += secondsOf(reading);
    if (this.#pause * SECOND > SAME) this.#trusted = 0;
  }

  /** The tolerance of a side, as long as neither its time is used up nor the reading brings more than was ever called normal. */
  #open(side: Side, { minimum }: Gates, { numerator, seconds }: Reading): Tolerance | undefined {
    const tolerance = this.#held.find((held) => held.side === side);
    if (tolerance === undefined || this.#isUsedUp(tolerance)) return undefined;
    const { flow } = tolerance;
    // So few that the rule would not look at them are no flood, whatever they are against a trickle.
    return flow !== undefined && side === "up" && numerator > Math.max(flow * seconds, minimum) ? undefined : tolerance;
  }

  #limit(side: Side, gates: Gates, reading: Reading): number | undefined {
    const tolerance = this.#open(side, gates, reading);
    return tolerance && limitAt(tolerance, epochMs(reading.at));
  }

  #isUsedUp({ longest }: Tolerance): boolean {
    return longest !== undefined && this.#trusted * SECOND >= longest;
  }
}
