import { countSince, cusumEvidence, exposureSince } from "./count-cusum.ts";
import type { DetectorTest, Gates } from "./detector.ts";
import { AGE } from "./maturity.ts";
import { CREEP_THRESHOLD, creepEvidence, dayBad, dayTotal, referenceOf } from "./ratio-reference.ts";
import {
  BLOCK,
  EVIDENCE,
  EXPECTED,
  K,
  N,
  REFERENCE,
  SCALE,
  SUM,
  SUM_THRESHOLD,
  THRESHOLDS,
  WINDOWS,
  windowCell,
} from "./ratio-row.ts";

/** Age at which the sum over blocks arms: it looks for less than the differences between hours. */
const SUM_AGE = 12 * 3_600;

/** Whether a row is old enough for the sum. */
export const sumArmed = (data: Float64Array, base: number): boolean => data[base + AGE]! >= SUM_AGE;

/** The tests of a row by number: its windows, then the sum, then the day against the slow reference. */
export const SUM_TEST = WINDOWS.length;
export const CREEP_TEST = WINDOWS.length + 1;

/** The tests against the learned base, as a budget of false alarms counts them. */
export const TESTS: readonly DetectorTest[] = [
  ...WINDOWS.map((window, w) => ({ window, threshold: THRESHOLDS[w]! })),
  { window: WINDOWS[BLOCK]!, threshold: SUM_THRESHOLD },
];

/** What a test is held against: nats, bad events, ratio, and multiple of what is expected. */
export interface Bar {
  readonly threshold: number;
  readonly minimum: number;
  readonly above: number;
  readonly times: number;
}

/** A test's bar under a rule's conditions. @param raise nats on top of its threshold */
export function barOf(
  data: Float64Array,
  base: number,
  test: number,
  gates: Gates,
  learning: boolean,
  raise: number,
): Bar {
  const { above, times } = lasting(data, base, test) ? gates.lasting : gates;
  const own = test === CREEP_TEST ? CREEP_THRESHOLD : test === SUM_TEST ? SUM_THRESHOLD : THRESHOLDS[test]!;
  return {
    threshold: own * (learning ? gates.widen : 1) + raise,
    minimum: gates.minimum,
    above: learning ? Math.max(above, gates.learningAbove) : above,
    times,
  };
}

/** A test's score under a rule's conditions: 0 where it does not meet one of them. */
export function scoreOf(
  data: Float64Array,
  base: number,
  test: number,
  gates: Gates,
  learning: boolean,
  raise: number,
): number {
  const { above, times } = lasting(data, base, test) ? gates.lasting : gates;
  const least = learning ? Math.max(above, gates.learningAbove) : above;
  let own = SUM_THRESHOLD;
  let k = 0;
  let n = 0;
  let evidence = 0;
  let expected = data[base + EXPECTED]!;
  if (test < SUM_TEST) {
    const cell = windowCell(base, test);
    own = THRESHOLDS[test]!;
    k = data[cell + K]!;
    n = data[cell + N]!;
    evidence = data[cell + EVIDENCE]!;
  } else if (test === SUM_TEST) {
    if (!sumArmed(data, base)) return 0;
    k = countSince(data, base + SUM);
    n = exposureSince(data, base + SUM);
    evidence = cusumEvidence(data, base + SUM);
  } else {
    own = CREEP_THRESHOLD;
    k = dayBad(data, base + REFERENCE);
    n = dayTotal(data, base + REFERENCE);
    evidence = creepEvidence(data, base + REFERENCE);
    expected = referenceOf(data, base + REFERENCE);
  }
  if (k < gates.minimum || k <= least * n || k <= times * n * expected) return 0;
  return evidence / (own * (learning ? gates.widen : 1) + raise);
}

/** The test that scores highest; −1 where none meets the conditions. */
export function bestTest(data: Float64Array, base: number, gates: Gates, learning: boolean, raise: number): number {
  if (gates.against === "anchor") return scoreOf(data, base, CREEP_TEST, gates, learning, raise) > 0 ? CREEP_TEST : -1;
  let best = -1;
  let most = 0;
  for (let test = 0; test <= SUM_TEST; test++) {
    const score = scoreOf(data, base, test, gates, learning, raise);
    if (score <= most) continue;
    best = test;
    most = score;
  }
  return best;
}

/** Whether a test looks at five minutes or more: a window that began just now does not. */
const lasting = (data: Float64Array, base: number, test: number): boolean =>
  test >= SUM_TEST || data[windowCell(base, test) + SCALE] === BLOCK;
