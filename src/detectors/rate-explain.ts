import { uncalibrated } from "./calibration.ts";
import { countAt, countSince, exposureSince, sinceOf } from "./count-cusum.ts";
import type { Explanation, Gates } from "./detector.ts";
import { AGE } from "./maturity.ts";
import { apartOf, CURRENT_SECONDS, creepBound, partedSince, referenceKnown, referenceOf } from "./rate-reference.ts";
import {
  BLOCK,
  DROP,
  EXCESS,
  FALLEN_K,
  FALLEN_MU,
  FALLEN_SECONDS,
  K,
  LEVEL,
  REFERENCE,
  RUSH,
  SECONDS,
  SHAPE,
  SUM,
  SUM_TIMES,
  scaleOf,
  seasoned,
  sumSeconds,
  WINDOWS,
  windowCell,
} from "./rate-row.ts";
import {
  CREEP_NAME,
  CREEP_TEST,
  DROP_NAME,
  DROP_TEST,
  lasting,
  natsOf,
  SUM_NAME,
  SUM_TEST,
  thresholdOf,
  YOUNG_ABOVE,
} from "./rate-score.ts";
import { shapeOf } from "./shape.ts";
import { lowerBound, upperBound } from "./tails.ts";

/** What an explanation is made under. */
export interface RateQuestion {
  readonly gates: Gates;
  readonly raise: number;
  /** Requests a second expected now; undefined while that is not known. */
  readonly expected: number | undefined;
  /** Expected events that are added to every window. */
  readonly slack: number;
}

/** The numbers behind one test of a rate. */
export function explainRate(data: Float64Array, base: number, test: number, question: RateQuestion): Explanation {
  if (test === CREEP_TEST) return explainCreep(data, base, question);
  if (test === SUM_TEST) return explainSum(data, base, question);
  if (test === DROP_TEST) return explainDrop(data, base, question);
  return explainWindow(data, base, test, question);
}

function explainWindow(data: Float64Array, base: number, w: number, question: RateQuestion): Explanation {
  const { gates, raise, expected } = question;
  const cell = windowCell(base, w);
  const weights = windowCell(base, scaleOf(data, base, w));
  const [k, seconds] = [data[cell + K]!, data[cell + SECONDS]!];
  const [evidence, threshold] = [natsOf(data, base, w), thresholdOf(data, base, w, raise)];
  const usual = expected === undefined ? undefined : expected * data[base + RUSH]!;
  const explanation = {
    test: w === 0 ? "one scrape" : `${WINDOWS[w]}s window`,
    window: seconds,
    numerator: k,
    denominator: seconds,
    observed: seconds > 0 ? k / seconds : 0,
    expected: usual,
    evidence,
    threshold,
  };
  if (seconds === 0 || expected === undefined || usual === undefined)
    return { ...explanation, lower: undefined, upper: undefined };
  const shape = shapeOf(data, weights + SHAPE);
  const down = thresholdOf(data, base, DROP_TEST, raise);
  const { above, times } = lasting(data, base, w) ? gates.lasting : gates;
  return {
    ...explanation,
    lower: Math.min(lowerBound(expected * seconds + question.slack, shape, down) / seconds, expected / gates.times),
    upper: Math.max(
      upperBound(usual * seconds + question.slack, shape, uncalibrated(threshold, data[weights + EXCESS]!)) / seconds,
      above,
      times * usual,
      // The greatest whole number below the least that fires.
      lasting(data, base, w) ? 0 : (Math.ceil(gates.minimum) - 1) / seconds,
      seasoned(data, base) ? 0 : YOUNG_ABOVE,
    ),
  };
}

/** The newest full minute beside what was expected of it. */
function explainDrop(data: Float64Array, base: number, question: RateQuestion): Explanation {
  const { gates, raise } = question;
  const [k, seconds] = [data[base + FALLEN_K]!, data[base + FALLEN_SECONDS]!];
  const threshold = thresholdOf(data, base, DROP_TEST, raise);
  const mu = data[base + FALLEN_MU]!;
  const known = seconds > 0 && question.expected !== undefined;
  const shape = shapeOf(data, windowCell(base, DROP) + SHAPE);
  return {
    test: DROP_NAME,
    window: seconds,
    numerator: seconds > 0 ? k : 0,
    denominator: seconds,
    observed: seconds > 0 ? k / seconds : 0,
    expected: known ? mu / seconds : question.expected,
    lower: known ? Math.min(lowerBound(mu + question.slack, shape, threshold), mu / gates.times) / seconds : undefined,
    upper: undefined,
    evidence: natsOf(data, base, DROP_TEST),
    threshold,
  };
}

function explainSum(data: Float64Array, base: number, question: RateQuestion): Explanation {
  const { gates, raise, expected = 0, slack } = question;
  const [evidence, threshold] = [natsOf(data, base, SUM_TEST), thresholdOf(data, base, SUM_TEST, raise)];
  const cell = windowCell(base, BLOCK);
  const since = sinceOf(data, base + SUM);
  const window = sumSeconds(data, base);
  const k = countSince(data, base + SUM);
  const mu0 = exposureSince(data, base + SUM) + slack;
  const alike = { start: since, k, n: mu0, mu0, mu1: SUM_TIMES * mu0, shape: shapeOf(data, cell + SHAPE) };
  const usual = exposureSince(data, base + SUM) / window;
  return {
    test: SUM_NAME,
    window,
    since,
    numerator: k,
    denominator: window,
    observed: k / window,
    expected: usual > 0 ? usual : expected,
    lower: undefined,
    upper: Math.max(
      countAt(data, base + SUM, alike, threshold) / window,
      gates.lasting.above,
      gates.lasting.times * usual,
    ),
    evidence,
    threshold,
  };
}

function explainCreep(data: Float64Array, base: number, question: RateQuestion): Explanation {
  const { gates, raise, expected } = question;
  const [evidence, threshold] = [natsOf(data, base, CREEP_TEST), thresholdOf(data, base, CREEP_TEST, raise)];
  // What is expected now already holds most of the climb: the reference lies below it.
  const reference = (expected ?? 0) * Math.exp(referenceOf(data, base + REFERENCE) - data[base + LEVEL]!);
  const observed = reference * Math.exp(apartOf(data, base + REFERENCE));
  const window = Math.max(1, Math.min(data[base + AGE]!, CURRENT_SECONDS));
  const known = expected !== undefined && referenceKnown(data[base + AGE]!);
  return {
    test: CREEP_NAME,
    decayed: true,
    window,
    since: partedSince(data, base + REFERENCE),
    numerator: observed * window,
    denominator: window,
    observed,
    expected: known ? reference : undefined,
    lower: undefined,
    upper: known
      ? Math.max(
          reference * Math.max(creepBound(data, base + REFERENCE, threshold), gates.lasting.times),
          gates.lasting.above,
        )
      : undefined,
    evidence,
    threshold,
  };
}
