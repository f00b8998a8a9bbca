import { countSince, cusumEvidence, exposureSince } from "./count-cusum.ts";
import type { DetectorTest, Gates, Held } from "./detector.ts";
import { CREEP_THRESHOLD, creepEvidence, dayBad, dayTotal, MEAN_TAU, referenceOf } from "./ratio-reference.ts";
import {
  BLOCK,
  EVIDENCE,
  EXPECTED,
  K,
  N,
  REFERENCE,
  SCALE,
  SUMS,
  sumCell,
  THRESHOLDS,
  WINDOWS,
  windowCell,
} from "./ratio-row.ts";
import { sumArmed } from "./ratio-sums.ts";

/** The tests of a row by number: its windows, then its sums, then the day against the slow reference. */
export const FIRST_SUM_TEST = WINDOWS.length;
export const CREEP_TEST = FIRST_SUM_TEST + SUMS.length;

/** What explanations call the sums, and the day. */
export const SUM_NAMES = SUMS.map(({ window }) => `sum of ${WINDOWS[window]! / 60}m blocks`);
export const CREEP_NAME = "a day against the slow reference";

const BASE_TESTS: readonly DetectorTest[] = [
  ...WINDOWS.map((window, w) => ({ window, threshold: THRESHOLDS[w]! })),
  ...SUMS.map(({ window, threshold }, s) => ({ name: SUM_NAMES[s]!, window: WINDOWS[window]!, threshold })),
];

/** The day's mean forgets with its time constant, so that it is a new look only after so long. */
const CREEP_TESTS: readonly DetectorTest[] = [{ name: CREEP_NAME, window: MEAN_TAU, threshold: CREEP_THRESHOLD }];

/** The tests against the learned base, or against the slow reference. */
export const testsOf = ({ against }: Held): readonly DetectorTest[] =>
  against === "anchor" ? CREEP_TESTS : BASE_TESTS;

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
  return {
    threshold: ownThreshold(data, base, test) * (learning ? gates.widen : 1) + raise,
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
  let k = 0;
  let n = 0;
  let evidence = 0;
  let expected = data[base + EXPECTED]!;
  if (test < FIRST_SUM_TEST) {
    const cell = windowCell(base, test);
    k = data[cell + K]!;
    n = data[cell + N]!;
    evidence = data[cell + EVIDENCE]!;
  } else if (test < CREEP_TEST) {
    const s = test - FIRST_SUM_TEST;
    if (!sumArmed(data, base, s)) return 0;
    k = countSince(data, sumCell(base, s));
    n = exposureSince(data, sumCell(base, s));
    evidence = cusumEvidence(data, sumCell(base, s));
  } else {
    k = dayBad(data, base + REFERENCE);
    n = dayTotal(data, base + REFERENCE);
    evidence = creepEvidence(data, base + REFERENCE);
    expected = referenceOf(data, base + REFERENCE);
  }
  if (evidence === 0 || k < gates.minimum) return 0;
  const { above, times } = lasting(data, base, test) ? gates.lasting : gates;
  const least = learning ? Math.max(above, gates.learningAbove) : above;
  if (k <= least * n || k <= times * n * expected) return 0;
  return evidence / (ownThreshold(data, base, test) * (learning ? gates.widen : 1) + raise);
}

/** The test that scores highest; −1 where none meets the conditions. */
export function bestTest(data: Float64Array, base: number, gates: Gates, learning: boolean, raise: number): number {
  if (gates.against === "anchor") return scoreOf(data, base, CREEP_TEST, gates, learning, raise) > 0 ? CREEP_TEST : -1;
  let best = -1;
  let most = 0;
  for (let test = 0; test < CREEP_TEST; test++) {
    const score = scoreOf(data, base, test, gates, learning, raise);
    if (score <= most) continue;
    best = test;
    most = score;
  }
  return best;
}

/** The nats at which a test fires by itself. A window that began just now is a look at a shorter one, and must be as loud. */
function ownThreshold(data: Float64Array, base: number, test: number): number {
  if (test === CREEP_TEST) return CREEP_THRESHOLD;
  if (test >= FIRST_SUM_TEST) return SUMS[test - FIRST_SUM_TEST]!.threshold;
  return THRESHOLDS[data[windowCell(base, test) + SCALE]!]!;
}

/** Whether a test looks at five minutes or more: a window that began just now does not. */
function lasting(data: Float64Array, base: number, test: number): boolean {
  if (test < FIRST_SUM_TEST) return data[windowCell(base, test) + SCALE] === BLOCK;
  return test === CREEP_TEST || SUMS[test - FIRST_SUM_TEST]!.lasting;
}
