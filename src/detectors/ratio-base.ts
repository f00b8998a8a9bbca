import type { Reading } from "../series/reading.ts";

/** What is assumed of a model never seen: half a failure in 200 requests. It carries the first burst of its life. */
export const PRIOR_BAD = 0.5;
export const PRIOR_TOTAL = 200;
/** No ratio is expected to be smaller than this. */
export const FLOOR = 5e-4;
/** Readings wait in blocks and teach a block later, when it is known that no alarm followed: young rows cannot wait for long. */
const YOUNG_BLOCK = 60;
const BLOCK = 300;
/** Until this age a row learns by the minute and takes every value for what it is. */
const YOUNG = 3_600;
/** A block teaches at most so many standard deviations more than is expected, and one event. */
const WINSORISE = 3;
/**
 * An anchor follows the base slowly and rises by at most this factor a day; the base stays below a multiple of it, so that a
 * slow climb cannot drag it along. Capping the base's own steps instead would ratchet it down: noise falls freely.
 */
const RISE_A_DAY = 1.15;
const ABOVE_ANCHOR = 1.3;
const DAY = 86_400;
const ANCHOR_TAU = 2 * DAY;
/**
 * For the rest of its first day, once so many requests taught, the anchor follows a row in two hours and doubles at most: nights
 * are still to be seen, but nobody leads a newborn from healthy to failing.
 */
const FEW_TAUGHT = 2_000;
const YOUNG_RISE_A_DAY = 2;
const YOUNG_ANCHOR_TAU = 7_200;
/** The least of what is forgotten slower than a row is old: what a newborn learned first must not outweigh what it is. */
const SHORTEST_MEMORY = 3_600;
/** A sibling counts for at most so many requests, and for no more than such a ratio. */
const SIBLING_TOTAL = 2_000;
const SIBLING_MOST = 0.02;
/** Who has a sibling is believed no more than this in its first hour, and so many times what the sibling fails. */
const BELIEVED_MOST = 0.02;
const BELIEVED_TIMES = 3;

const BAD = 0;
const TOTAL = 1;
const ANCHOR = 2;
/** The block that is being filled: its beginning, bad and total; then the full one that waits: its seconds, bad and total. */
const FILLING = 3;
const WAITING = 6;
const QUEUE_END = WAITING + 3;
/** The ratio a sibling failed; 0 without one. */
const SIBLING = QUEUE_END;

/** Cells of a base: a Gamma posterior of bad events per request, its anchor, the readings that wait, and its sibling's ratio. */
export const BASE_CELLS = SIBLING + 1;

export function initBase(data: Float64Array, cell: number): void {
  data[cell + BAD] = PRIOR_BAD;
  data[cell + TOTAL] = PRIOR_TOTAL;
}

/** The ratio that is expected. */
export const ratioOf = (data: Float64Array, cell: number): number => data[cell + BAD]! / data[cell + TOTAL]!;

/** The base ratio and one standard deviation of what is known of it, so that little knowledge fires late. */
export const cautious = (data: Float64Array, cell: number): number =>
  Math.max(FLOOR, (data[cell + BAD]! + Math.sqrt(data[cell + BAD]!)) / data[cell + TOTAL]!);

/** How a row learns at its age. */
export interface Pace {
  /** Time constant of forgetting in seconds. */
  readonly forget: number;
  /** Age of the row in seconds. */
  age: number;
  /** The negative-binomial shape of a block's count, which says what an outlier is. */
  shape: number;
}

/**
 * Lets a reading wait, and teaches the block before the one it fills.
 * @returns how many requests taught
 */
export function queue(data: Float64Array, cell: number, reading: Reading, pace: Pace): number {
  const filling = cell + FILLING;
  if (data[filling] === 0) data[filling] = reading.at - reading.seconds * 1000;
  data[filling + 1]! += reading.numerator;
  data[filling + 2]! += reading.denominator;
  const seconds = (reading.at - data[filling]!) / 1000;
  if (seconds + reading.seconds / 2 < (pace.age < YOUNG ? YOUNG_BLOCK : BLOCK)) return 0;
  const waiting = cell + WAITING;
  const taught = data[waiting + 2]!;
  if (taught > 0) teach(data, cell, data[waiting + 1]!, taught, data[waiting]!, pace);
  data[waiting] = seconds;
  data[waiting + 1] = data[filling + 1]!;
  data[waiting + 2] = data[filling + 2]!;
  data.fill(0, filling, filling + 3);
  return taught;
}

/**
 * What is missing until enough requests taught. Those that wait are not missing, but they teach a block later, or two.
 * @param missing requests that have not taught yet
 * @param at epoch milliseconds of the newest reading
 */
export function untilTaught(data: Float64Array, cell: number, missing: number, at: number, age: number) {
  const filling = cell + FILLING;
  const [waiting, queued] = [data[cell + WAITING + 2]!, data[cell + WAITING + 2]! + data[filling + 2]!];
  const block = age < YOUNG ? YOUNG_BLOCK : BLOCK;
  const left = block - (data[filling] === 0 ? 0 : (at - data[filling]!) / 1000);
  return {
    seconds: missing <= 0 ? 0 : Math.max(1, waiting >= missing ? left : left + block),
    events: Math.max(0, missing - queued),
  };
}

/** Drops the readings that wait: an alarm followed. */
export function dropQueue(data: Float64Array, cell: number): void {
  data.fill(0, cell + FILLING, cell + QUEUE_END);
}

/** Takes what was seen for normal. */
export function adoptBase(data: Float64Array, cell: number, bad: number, total: number): void {
  data[cell + BAD] = Math.max(PRIOR_BAD, bad);
  data[cell + TOTAL] = Math.max(PRIOR_TOTAL, total);
  data[cell + ANCHOR] = Math.max(FLOOR, ratioOf(data, cell));
}

/**
 * Begins with what a sibling expects, weighed as few requests: they are soon outnumbered by the row's own. The sibling's anchor bounds
 * it, and so does a fixed ratio: a sibling under attack, or one that fails by nature, must not make a newborn blind.
 */
export function inheritBase(data: Float64Array, cell: number, sibling: Float64Array, from: number): void {
  const total = Math.min(SIBLING_TOTAL, sibling[from + TOTAL]!);
  const anchor = sibling[from + ANCHOR]!;
  const fails = Math.min(ratioOf(sibling, from), anchor > 0 ? anchor : Number.POSITIVE_INFINITY);
  if (!(total > PRIOR_TOTAL)) return;
  data[cell + BAD] = Math.max(PRIOR_BAD, Math.min(SIBLING_MOST, fails) * total);
  data[cell + TOTAL] = total;
  data[cell + SIBLING] = fails;
}

function teach(data: Float64Array, cell: number, bad: number, total: number, elapsed: number, pace: Pace): void {
  const keep = Math.exp(-elapsed / Math.min(pace.forget, Math.max(pace.age, SHORTEST_MEMORY)));
  const mu = total * cautious(data, cell);
  const most = pace.age < YOUNG ? bad : mu + WINSORISE * Math.sqrt(mu + (mu * mu) / pace.shape) + 1;
  data[cell + BAD] = Math.max(PRIOR_BAD, data[cell + BAD]! * keep + Math.min(bad, most));
  data[cell + TOTAL] = Math.max(PRIOR_TOTAL, data[cell + TOTAL]! * keep + total);
  if (!anchored(data, cell, pace.age) || data[cell + ANCHOR] === 0) {
    if (pace.age < YOUNG && data[cell + SIBLING]! > 0) holdBelow(data, cell, believed(data, cell));
    data[cell + ANCHOR] = Math.max(FLOOR, ratioOf(data, cell));
    return;
  }
  const anchor = data[cell + ANCHOR]!;
  const [tau, rise] = pace.age < DAY ? [YOUNG_ANCHOR_TAU, YOUNG_RISE_A_DAY] : [ANCHOR_TAU, RISE_A_DAY];
  const step = (ratioOf(data, cell) - anchor) * Math.min(1, elapsed / tau);
  data[cell + ANCHOR] = Math.max(FLOOR, anchor + Math.min(step, anchor * (rise ** (elapsed / DAY) - 1)));
  holdBelow(data, cell, data[cell + ANCHOR]! * ABOVE_ANCHOR);
}

function holdBelow(data: Float64Array, cell: number, ratio: number): void {
  data[cell + BAD] = Math.max(PRIOR_BAD, Math.min(data[cell + BAD]!, ratio * data[cell + TOTAL]!));
}

const believed = (data: Float64Array, cell: number): number =>
  Math.max(BELIEVED_MOST, BELIEVED_TIMES * data[cell + SIBLING]!);

/** Whether a row is old enough, and has seen enough, that its anchor holds it. */
const anchored = (data: Float64Array, cell: number, age: number): boolean =>
  age >= DAY || (age >= YOUNG && data[cell + TOTAL]! >= FEW_TAUGHT);

/** The ratio that holds the base; 0 while none does. */
export const anchorOf = (data: Float64Array, cell: number, age: number): number =>
  anchored(data, cell, age) ? data[cell + ANCHOR]! : 0;
