import type { Reading } from "../series/reading.ts";
import { countSince, cusumEvidence, exposureSince, logRatio } from "./count-cusum.ts";
import {
  ALARM,
  BY_SUM,
  EVIDENCE,
  EXPECTED,
  K,
  N,
  REVERSE,
  SHAPE,
  SUMS,
  sumCell,
  THRESHOLDS,
  WINDOWS,
  windowCell,
} from "./ratio-row.ts";
import { shapeOf } from "./shape.ts";

/** An alarm's ratio is taken for at least so many times what is expected, or nothing could tell them apart. */
const APART = 2;

/** Remembers the ratio of the test that spoke loudest when an alarm began: its end is measured against it. */
export function beginAlarm(data: Float64Array, base: number): void {
  let loudest = 0;
  data[base + ALARM] = 0;
  for (let w = 0; w < WINDOWS.length; w++) {
    const cell = windowCell(base, w);
    const score = data[cell + EVIDENCE]! / THRESHOLDS[w]!;
    if (score <= loudest) continue;
    loudest = score;
    data[base + ALARM] = data[cell + K]! / Math.max(1, data[cell + N]!);
    data[base + BY_SUM] = 0;
  }
  for (let s = 0; s < SUMS.length; s++) {
    const cell = sumCell(base, s);
    const score = cusumEvidence(data, cell) / SUMS[s]!.threshold;
    if (score <= loudest) continue;
    loudest = score;
    data[base + ALARM] = countSince(data, cell) / Math.max(1, exposureSince(data, cell));
    data[base + BY_SUM] = s + 1;
  }
  data[base + ALARM] = Math.max(data[base + ALARM]!, data[base + EXPECTED]!);
  data[base + REVERSE] = 0;
}

/** Whether an alarm is on that a window began, so that every reading may end it. */
export const burstAlarm = (data: Float64Array, base: number): boolean =>
  data[base + ALARM]! > 0 && data[base + BY_SUM] === 0;

/** Whether an alarm is on that a sum began, so that its blocks may end it. */
export const sumAlarm = (data: Float64Array, base: number, s: number): boolean =>
  data[base + ALARM]! > 0 && data[base + BY_SUM] === s + 1;

/** What a reading says in favour of the expected ratio, against that of the alarm. */
export function towardsNormal(data: Float64Array, base: number, reading: Reading): number {
  const expected = data[base + EXPECTED]!;
  const n = reading.denominator;
  const then = Math.max(data[base + ALARM]!, APART * expected);
  return -logRatio(reading.numerator, n * expected, n * then, shapeOf(data, windowCell(base, 0) + SHAPE));
}
