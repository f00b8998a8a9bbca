import { uncalibrated } from "./calibration.ts";
import { type CountBlock, countAt, countSince, cusumEvidence, exposureSince, sinceOf } from "./count-cusum.ts";
import type { Explanation } from "./detector.ts";
import { AGE } from "./maturity.ts";
import { ratioOf } from "./ratio-base.ts";
import { creepBound, creepEvidence, dayBad, dayTotal, MEAN_TAU, referenceOf } from "./ratio-reference.ts";
import {
  BASE,
  EVIDENCE,
  EXCESS,
  EXPECTED,
  K,
  LAST,
  N,
  REFERENCE,
  SCALE,
  SHAPE,
  SUMS,
  sumCell,
  WINDOWS,
  windowCell,
} from "./ratio-row.ts";
import { type Bar, CREEP_NAME, SUM_NAMES } from "./ratio-score.ts";
import { shapeOf } from "./shape.ts";
import { upperBound } from "./tails.ts";
import { START } from "./windows.ts";

/** A window and the band its ratio would not have surprised in. */
export function explainWindow(data: Float64Array, base: number, w: number, bar: Bar): Explanation {
  const cell = windowCell(base, w);
  const [k, n] = [data[cell + K]!, data[cell + N]!];
  const scale = windowCell(base, data[cell + SCALE]!);
  const nats = uncalibrated(bar.threshold, data[scale + EXCESS]!);
  const bound = upperBound(n * data[base + EXPECTED]!, shapeOf(data, scale + SHAPE), nats);
  // A window that is only the newest scrape says so, whatever its length.
  const first = windowCell(base, 0);
  const single = n === data[first + N] && k === data[first + K];
  return {
    test: single ? "one scrape" : `${WINDOWS[w]}s window`,
    // Windows tumble: what is counted goes back to this one's beginning.
    window: single ? 0 : (data[base + LAST]! - data[cell + START]!) / 1000,
    ...counted(k, n, ratioOf(data, base + BASE), bound, bar, data[base + EXPECTED]!),
    evidence: data[cell + EVIDENCE]!,
    threshold: bar.threshold,
  };
}

/** A sum over blocks since it last stood at 0. @param alike a block as they were on average since */
export function explainSum(data: Float64Array, base: number, s: number, alike: CountBlock, bar: Bar): Explanation {
  const cell = sumCell(base, s);
  const since = sinceOf(data, cell);
  const w = SUMS[s]!.window;
  // A block that is not full has not been added: the sum ends where it begins.
  const end = data[windowCell(base, w) + SCALE] === w ? data[base + LAST]! : data[windowCell(base, w) + START]!;
  const bound = countAt(data, cell, alike, bar.threshold);
  return {
    test: SUM_NAMES[s]!,
    window: Math.max(0, end - since) / 1000,
    since,
    ...counted(
      countSince(data, cell),
      exposureSince(data, cell),
      ratioOf(data, base + BASE),
      bound,
      bar,
      data[base + EXPECTED]!,
    ),
    evidence: cusumEvidence(data, cell),
    threshold: bar.threshold,
  };
}

/** The day's mean against the slow reference. */
export function explainCreep(data: Float64Array, base: number, bar: Bar): Explanation {
  const cell = base + REFERENCE;
  const reference = referenceOf(data, cell);
  const known = reference > 0 ? reference : undefined;
  return {
    test: CREEP_NAME,
    window: Math.min(data[base + AGE]!, 2 * MEAN_TAU),
    decayed: true,
    ...counted(dayBad(data, cell), dayTotal(data, cell), known, creepBound(data, cell, bar.threshold), bar, reference),
    evidence: creepEvidence(data, cell),
    threshold: bar.threshold,
  };
}

/** What was counted, and the largest ratio that would not have fired: below one of the conditions at least. */
function counted(k: number, n: number, expected: number | undefined, bound: number, bar: Bar, held: number) {
  // As many as the minimum do fire; no more than all can fail.
  const few = (Math.ceil(bar.minimum) - 1) / n;
  const upper = n > 0 ? Math.min(1, Math.max(bound / n, few, bar.above, bar.times * held)) : undefined;
  return {
    numerator: k,
    denominator: n,
    observed: n > 0 ? k / n : 0,
    expected,
    lower: 0,
    upper: expected === undefined ? undefined : upper,
  };
}
