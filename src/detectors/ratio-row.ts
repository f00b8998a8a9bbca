import { COUNT_CUSUM_CELLS, initCountCusum } from "./count-cusum.ts";
import { MATURITY_CELLS } from "./maturity.ts";
import { BASE_CELLS, initBase } from "./ratio-base.ts";
import { REFERENCE_CELLS } from "./ratio-reference.ts";
import { initShape, SHAPE_CELLS } from "./shape.ts";

/** Lengths of the windows in seconds; the first is one scrape, however long. Full or not, each is looked at on every scrape. */
export const WINDOWS = [0, 5, 30, 60, 300] as const;
/** The longest window: what it and the base learn is learned in its blocks. */
export const BLOCK = WINDOWS.length - 1;
/**
 * Evidence in nats at which a window fires: short ones are looked at most often, so they must be louder. e^−14 is about 1 in
 * 1.2 million, e^−11 1 in 60,000.
 */
export const THRESHOLDS = [14, 14, 13, 12, 11] as const;
/** Prior over-dispersion (squared coefficient of variation) of a window's count: one scrape's is the largest. */
export const PRIOR_CV2 = [0.5, 0.25, 0.25, 0.25, 0.25] as const;

/** A sum over the full blocks of a window. */
interface SumSpec {
  readonly window: number;
  /** Evidence at which it fires. */
  readonly threshold: number;
  /** The rise it looks for: so many times what is expected, or so much more. */
  readonly times: number;
  readonly plus: number;
  /** Seconds a row must be old: the less a sum looks for, the more of a day it must have seen. */
  readonly age: number;
  /** Whether it is a test of what lasts. */
  readonly lasting: boolean;
}

/** What lasts some minutes, and what lasts hours. */
export const SUMS: readonly SumSpec[] = [
  { window: 3, threshold: 15, times: 3, plus: 0.04, age: 3_600, lasting: false },
  { window: BLOCK, threshold: 11, times: 1.4, plus: 0.004, age: 12 * 3_600, lasting: true },
];

/** Epoch milliseconds until which a server is cold after a restart. */
export const COLD = MATURITY_CELLS;
/** The ratio at which the alarm began, 0 without one; and which sum began it, counted from 1, or 0 if a window did. */
export const ALARM = COLD + 1;
export const BY_SUM = COLD + 2;
/** Evidence that the alarm is over. */
export const REVERSE = COLD + 3;
export const HOT_BAD = COLD + 4;
export const HOT_TOTAL = COLD + 5;
/** Seconds the base has been frozen by a sum that no rule confirmed. */
export const FROZEN = COLD + 6;
/** The ratio the newest reading was held against, and its time. */
export const EXPECTED = COLD + 7;
export const LAST = COLD + 8;
/** When the row was last told of a restart or an announced change. */
export const SETTLED = COLD + 9;
/** Which windows are full with the newest reading. */
export const FULL = COLD + 10;
export const BASE = COLD + 11;
export const REFERENCE = BASE + BASE_CELLS;
const FIRST_SUM = REFERENCE + REFERENCE_CELLS;
const FIRST_WINDOW = FIRST_SUM + SUMS.length * COUNT_CUSUM_CELLS;

/** Cells of a window after its START. */
export const K = 1;
export const N = 2;
export const EVIDENCE = 3;
/** Which window's shape and excess the evidence was weighed with. */
export const SCALE = 4;
export const EXCESS = 5;
export const SHAPE = 6;
const WINDOW_CELLS = SHAPE + SHAPE_CELLS;

/** Cells of a row of the error ratio. */
export const STRIDE = FIRST_WINDOW + WINDOWS.length * WINDOW_CELLS;

export const windowCell = (base: number, w: number): number => base + FIRST_WINDOW + w * WINDOW_CELLS;

export const sumCell = (base: number, s: number): number => base + FIRST_SUM + s * COUNT_CUSUM_CELLS;

/** Writes what is not 0 in a new row. */
export function initialRow(data: Float64Array, base: number): void {
  initBase(data, base + BASE);
  for (let s = 0; s < SUMS.length; s++) initCountCusum(data, sumCell(base, s));
  for (let w = 0; w < WINDOWS.length; w++) {
    data[windowCell(base, w) + EXCESS] = 1;
    initShape(data, windowCell(base, w) + SHAPE, PRIOR_CV2[w]!);
  }
}

/** Empties what was counted; what was learned stays. */
export function emptyWindows(data: Float64Array, base: number): void {
  for (let w = 0; w < WINDOWS.length; w++) {
    const cell = windowCell(base, w);
    data.fill(0, cell, cell + EVIDENCE + 1);
  }
  data[base + FULL] = 0;
}
