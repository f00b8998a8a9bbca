import { COUNT_CUSUM_CELLS, initCountCusum, sinceOf } from "./count-cusum.ts";
import { AGE, MATURITY_CELLS } from "./maturity.ts";
import { REFERENCE_CELLS } from "./rate-reference.ts";
import { initShape, SHAPE_CELLS } from "./shape.ts";
import { completedScale, START } from "./windows.ts";

/** Lengths of the windows in seconds; the first is one scrape, however long. Full or not, each is looked at on every scrape. */
export const WINDOWS = [0, 5, 20, 60, 300] as const;
/** The window that also watches for a drop. */
export const DROP = WINDOWS.indexOf(60);
/** The window whose full blocks the sum is made of, and from which on a test is a lasting one. */
export const BLOCK = WINDOWS.length - 1;
/** Evidence in nats at which a window fires that has reached its length: the shorter, the more looks a week. */
export const THRESHOLDS = [17, 17, 15, 14, 13] as const;
/** Evidence at which the sum fires, and that of a drop. */
export const SUM_THRESHOLD = 10.5;
export const DROP_THRESHOLD = 12;
/** What the sum looks for: twice the rate. */
export const SUM_TIMES = 2;

/** The rate at which the alarm began, 0 without one, `BY_SUM` where the sum began it. */
export const ALARM = MATURITY_CELLS;
export const BY_SUM = -1;
/** Evidence that the sum's alarm is over. */
export const REVERSE = ALARM + 1;
/** What came, and what was expected, in the alarm so far. */
export const HOT_K = ALARM + 2;
export const HOT_MU = ALARM + 3;
/** Seconds the level has been frozen by a sum that no rule confirmed. */
export const FROZEN = ALARM + 4;
/** Beginning of a block that holds something suspicious and must not teach. */
export const TAINTED = ALARM + 5;
/** The newest reading's time, and the rate it was held against. */
export const LAST = ALARM + 6;
export const EXPECTED = ALARM + 7;
/** Lower-tail evidence of the newest full minute. */
export const FALLEN = ALARM + 8;
/** Requests a second of a row younger than a day, and how many seconds taught it. */
export const YOUNG = ALARM + 9;
export const LEARNED = ALARM + 10;
/** Logarithm of how many times its daily profile the rate is. */
export const LEVEL = ALARM + 11;
/** The hour whose rush is being measured, −1 before the first, and the logarithm of how many times the expected rate its busiest block was. */
export const RUSH_HOUR = ALARM + 12;
export const BUSIEST = ALARM + 13;
/** How many times the expected rate is usual for the busiest minutes of this hour. */
export const RUSH = ALARM + 14;
/** When the reading with which the alarm began began (epoch milliseconds). */
export const BEGAN = ALARM + 15;
/** What the newest full minute held, how long it was, and what was expected of it. */
export const FALLEN_K = ALARM + 16;
export const FALLEN_SECONDS = ALARM + 17;
export const FALLEN_MU = ALARM + 18;
/** Requests a second of a young row after its first hours. */
export const YOUNG_FIRST = ALARM + 19;
/** Which windows are full with the newest reading. */
export const FULL = ALARM + 20;
export const REFERENCE = ALARM + 21;
export const SUM = REFERENCE + REFERENCE_CELLS;
const FIRST_WINDOW = SUM + COUNT_CUSUM_CELLS;

/** Cells of a window after its START. */
export const K = 1;
export const SECONDS = 2;
export const EVIDENCE = 3;
export const EXCESS = 4;
export const SHAPE = 5;
const WINDOW_CELLS = SHAPE + SHAPE_CELLS;

/** Cells of a row of a rate. */
export const STRIDE = FIRST_WINDOW + WINDOWS.length * WINDOW_CELLS;

/** Prior squared coefficient of variation: a Poisson prior fires on every burst of a bursty model. */
export const PRIOR_CV2 = 0.25;

export const windowCell = (base: number, w: number): number => base + FIRST_WINDOW + w * WINDOW_CELLS;

const DAY = 86_400;
/** Whether a row has seen a day, so that its profile judges and lasting tests are armed. */
export const seasoned = (data: Float64Array, base: number): boolean => data[base + AGE]! >= DAY;

/** Writes what is not 0 in a new row. */
export function initialRow(data: Float64Array, base: number): void {
  data[base + RUSH] = 1;
  data[base + RUSH_HOUR] = -1;
  initCountCusum(data, base + SUM);
  for (let w = 0; w < WINDOWS.length; w++) {
    data[windowCell(base, w) + EXCESS] = 1;
    initShape(data, windowCell(base, w) + SHAPE, PRIOR_CV2);
  }
}

/** Seconds the newest reading spans: those of the first window, which is one scrape. */
export const spacingOf = (data: Float64Array, base: number): number =>
  (data[base + LAST]! - data[windowCell(base, 0) + START]!) / 1000;

/**
 * The longest length a window has reached so far, by number. Until it is full it scatters like a shorter one, and is held to what
 * that asks for: else a single scrape at the beginning of a block would fire with less evidence than a scrape needs.
 */
export function scaleOf(data: Float64Array, base: number, w: number): number {
  const spanned = (data[base + LAST]! - data[windowCell(base, w) + START]!) / 1000 + spacingOf(data, base) / 2;
  return completedScale(spanned, WINDOWS, w);
}

/** Seconds the sum has been gathering: a block that is not full has not been added, so that it ends where that begins. */
export function sumSeconds(data: Float64Array, base: number): number {
  const end = scaleOf(data, base, BLOCK) === BLOCK ? data[base + LAST]! : data[windowCell(base, BLOCK) + START]!;
  return Math.max((end - sinceOf(data, base + SUM)) / 1000, 1e-3);
}

/** Empties what was counted; what was learned stays, and how long the newest reading was. */
export function emptyWindows(data: Float64Array, base: number): void {
  for (let w = 0; w < WINDOWS.length; w++) {
    const cell = windowCell(base, w);
    data.fill(0, cell + (w === 0 ? K : START), cell + EVIDENCE + 1);
  }
  data[base + FULL] = 0;
  data[base + FALLEN] = 0;
  data[base + FALLEN_SECONDS] = 0;
}
