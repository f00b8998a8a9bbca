import { uncalibrated } from "./calibration.ts";
import { countAt, countSince, exposureSince, sinceOf } from "./count-cusum.ts";
import type { Explanation, Gates } from "./detector.ts";
import { AGE } from "./maturity.ts";
import { apartOf, CURRENT_SECONDS, creepBound, partedSince, referenceKnown, referenceOf } from "./rate-reference.ts";
import {
  BLOCK,
  DROP,
  EXCESS,
  K,
  LAST,
  LEVEL,
  REFERENCE,
  RUSH,
  SECONDS,
  SHAPE,
  SUM,
  SUM_TIMES,
  spacingOf,
  WINDOWS,
  windowCell,
} from "./rate-row.ts";
import { CREEP_NAME, CREEP_TEST, DROP_TEST, evidenceOf, SUM_NAME, SUM_TEST, thresholdOf } from "./rate-score.ts";
import { shapeOf } from "./shape.ts";
import { lowerBound, upperBound } from "./tails.ts";
import { complete, completedScale, START } from "./windows.ts";

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
  return explainWindow(data, base, test, question);
}

function explainWindow(data: Float64Array, base: number, test: number, question: RateQuestion): Explanation {
  const { gates, raise, expected } = question;
  const w = test === DROP_TEST ? DROP : test;
  const cell = windowCell(base, w);
  const looked = { at: data[base + LAST]!, seconds: spacingOf(data, base), numerator: 0, denominator: 1 };
  const weights = windowCell(base, completedScale(data[cell + START]!, looked, WINDOWS, w));
  const [k, seconds] = [data[cell + K]!, data[cell + SECONDS]!];
  const [evidence, threshold] = [evidenceOf(data, base, test), thresholdOf(test, raise)];
  const usual = expected === undefined || test === DROP_TEST ? expected : expected * data[base + RUSH]!;
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
  const down = thresholdOf(DROP_TEST, raise);
  const up = thresholdOf(w, raise);
  const { above, times } = w === BLOCK ? gates.lasting : gates;
  return {
    ...explanation,
    lower: Math.min(lowerBound(expected * seconds + question.slack, shape, down) / seconds, expected / gates.times),
    upper: Math.max(
      upperBound(usual * seconds + question.slack, shape, uncalibrated(up, data[weights + EXCESS]!)) / seconds,
      above,
      times * usual,
      w === BLOCK ? 0 : gates.minimum / seconds,
    ),
  };
}

function explainSum(data: Float64Array, base: number, question: RateQuestion): Explanation {
  const { gates, raise, expected = 0, slack } = question;
  const [evidence, threshold] = [evidenceOf(data, base, SUM_TEST), thresholdOf(SUM_TEST, raise)];
  const cell = windowCell(base, BLOCK);
  const since = sinceOf(data, base + SUM);
  // A block that is not full has not been added: the sum ends where it begins.
  const looked = { at: data[base + LAST]!, seconds: spacingOf(data, base), numerator: 0, denominator: 1 };
  const end = complete(data[cell + START]!, looked, WINDOWS[BLOCK]!) ? looked.at : data[cell + START]!;
  const window = Math.max((end - since) / 1000, 1e-3);
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
  const [evidence, threshold] = [evidenceOf(data, base, CREEP_TEST), thresholdOf(CREEP_TEST, raise)];
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
