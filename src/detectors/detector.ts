import type { Reading } from "../series/reading.ts";

/** The conditions under which a rule calls a subject anomalous; a detector's memory does not depend on them. */
export interface Gates {
  readonly direction: "up" | "down" | "both";
  /** Least number of bad events, events or waiting requests. */
  readonly minimum: number;
  /** The value must lie above this, in the signal's unit. */
  readonly above: number;
  /** The value must lie so many times above (below) what is expected. */
  readonly times: number;
  /** The same two conditions for tests that look at five minutes and more: what lasts may be smaller to matter. */
  readonly lasting: { readonly above: number; readonly times: number };
  /**
   * What the value is held against: the learned baseline, or the slow reference behind it that nobody can drag along faster
   * than a stated slew. A detector without such a reference scores 0 against it.
   */
  readonly against: "baseline" | "anchor";
  /** A bound on the other side, for detectors that are told their bounds: the value must lie below this. */
  readonly below?: number;
  /** While learning: evidence thresholds are so many times higher … */
  readonly widen: number;
  /** … and a ratio must lie above this. */
  readonly learningAbove: number;
}

/** Why a subject's score is what it is. Values in the signal's unit; undefined where the detector cannot say. */
export interface Explanation {
  /** The test that speaks loudest, for example "60s window". */
  readonly test: string;
  /** Seconds the judged window or block spans. */
  readonly window: number;
  /** Numerator and denominator are means that forget, and no events that can be counted. */
  readonly decayed?: true;
  /** Epoch milliseconds since when the test has been gathering evidence, where it knows. */
  readonly since?: number;
  readonly numerator: number;
  readonly denominator: number;
  readonly observed: number;
  readonly expected: number | undefined;
  /** The band inside which the value would not be surprising. */
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  /** Evidence in nats (≈ −ln of the chance to see this when all is well) and the threshold it is held against. */
  readonly evidence: number;
  readonly threshold: number;
}

/** What a row still lacks to judge by what it learned; all 0 once it does. */
export interface Readiness {
  readonly seconds: number;
  readonly scrapes: number;
  /** Events of the signal's own kind: requests, blocks, events. */
  readonly events: number;
}

/** Which of a detector's tests a rule listens to: some look at one side only, others only against the slow reference. */
export type Held = Pick<Gates, "against" | "direction">;

/** One of a detector's tests, as a budget of false alarms counts it. */
export interface DetectorTest {
  /** As an explanation calls it, where its length is not all there is to say. */
  readonly name?: string;
  /** Seconds it spans; 0 for a single scrape. */
  readonly window: number;
  /** Nats at which it fires; the least where that differs between subjects. */
  readonly threshold: number;
}

/**
 * Opinions about many subjects of one signal, a row of memory each. `advance` moves windows and sums and teaches nothing;
 * `learn` moves the baseline, and the caller decides whether: a detector that learns from what it finds suspicious never
 * announces a burst that lasts.
 */
export interface Detector {
  add(): number;
  remove(row: number): void;
  /** Takes a reading into the windows. @returns the bare score, 1 at the boundary, before any rule's conditions */
  advance(row: number, reading: Reading): number;
  /**
   * The score under a rule's conditions: finite, ≥ 0, 1 at the boundary, 0 while it cannot judge.
   * @param raise nats by which every threshold is higher than the detector's own, ≥ 0: a budget of false alarms, a noisy subject.
   * What is raised by 8 and more must stay within reach: a sum that is capped needs room above its threshold until an alarm begins
   */
  judge(row: number, gates: Gates, raise: number): number;
  /** Moves the baseline by a reading that was just advanced. */
  learn(row: number, reading: Reading): void;
  /** Instead of `learn`: the reading is suspicious and must not teach, nor what came shortly before it. */
  distrust(row: number, reading: Reading): void;
  /** A rule began to fire on this row: what it saw is what its end is measured against. */
  alarm(row: number): void;
  /** The alarm is over: windows start empty. */
  calm(row: number): void;
  /** The model was loaded again: what mixes both copies is dropped; the old baseline keeps judging. */
  cut(row: number): void;
  /** A restart or an announced change: nothing is judged for a while, and the baseline may move faster within bounds. */
  settle(row: number, at: number): void;
  /** After an alarm that lasted so long that it must be the new normal: what it saw becomes the baseline. */
  adopt(row: number): void;
  /**
   * A person called it normal how far the row has come from the slow reference: the reference goes to where the row is now.
   * @returns what the reference was, for whoever takes that word back; undefined where none is kept
   */
  acknowledge(row: number): Float64Array | undefined;
  /** The word was taken back: the reference is what it was. */
  recall(row: number, reference: Float64Array): void;
  /** Begins with what is known of a sibling (another version or target of the same model) instead of the fleet's prior. */
  inherit(row: number, sibling: Float64Array): void;
  /** @param against what is to be judged by: the slow reference takes longer to know than the baseline, which is the default */
  learning(row: number, against?: Gates["against"]): boolean;
  readiness(row: number, against?: Gates["against"]): Readiness;
  explain(row: number, gates: Gates, raise: number): Explanation;
  save(row: number): Float64Array;
  load(row: number, saved: Float64Array): void;
  readonly bytesPerRow: number;
  /** Every test that can fire under such conditions, with the thresholds of a subject that is learned. */
  tests(held: Held): readonly DetectorTest[];
}

/** What every detector is built with. */
export interface DetectorOptions {
  /** Half of what was learned is forgotten after so many seconds. */
  readonly halfLife: number;
  /** Whether a daily profile may be learned. */
  readonly season: boolean;
  /** Milliseconds that local time is ahead of UTC at an instant: whose hours and weekends the profile follows. */
  readonly offset: (at: number) => number;
  /** Seconds a value is taken over, for detectors that are told so; 0, the default, is the newest scrape alone. */
  readonly over?: number;
}
