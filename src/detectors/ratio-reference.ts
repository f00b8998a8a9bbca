import { FLOOR } from "./ratio-base.ts";
import { upperBound, upperEvidence } from "./tails.ts";

const DAY = 86_400;
/** A mean with this time constant is that of about a day. */
export const MEAN_TAU = DAY / 2;
/** The reference behind it follows in a week and rises by 4 % a day at most: it doubles in eighteen days. */
const REFERENCE_TAU = 7 * DAY;
const RISE_A_DAY = Math.log(1.04);
/** The reference begins when a row is a day old: before, nobody knows its nights. */
const FROM_AGE = DAY;
/**
 * It begins with what the row's anchor was when it began to hold, followed for the rest of the first day in two hours and upward by
 * a factor of 2 at most, so that a day of poison is not where it starts.
 */
const YOUNG_TAU = 7_200;
const YOUNG_RISE_A_DAY = Math.log(2);
/** The lowest the reference has been is forgotten by 1 % a day, for a climb too slow for the reference itself. */
const LOWEST_RISE_A_DAY = Math.log(1.01);
/** A day that fails two points more than the lowest is held against no more than so many times the lowest: a low is partly luck. */
const ABOVE_LOWEST = 0.02;
const TIMES_LOWEST = 1.3;
/** Days differ by a fifth (standard deviation), whatever the number of requests. */
const SHAPE = 25;
/** A day is held against two in a thousand more than the reference: an afternoon's trouble that nobody noticed is no climb. */
const SLACK = 0.002;
/** A day of fewer bad events says nothing of days. */
const LEAST_BAD = 30;
/** Evidence at which a day is out of proportion: with many requests, twice. */
export const CREEP_THRESHOLD = 8;

const BAD = 0;
const TOTAL = 1;
const REFERENCE = 2;

/** The lowest of the reference; before there is one, what it will begin with. */
const LOWEST = 3;

/** Cells of the slow reference: a day's bad and total, the ratio they are held against, and its lowest. */
export const REFERENCE_CELLS = 4;

/**
 * Takes a reading that teaches. What alarmed does not count, until a day of alarm made it the new normal: then it does.
 * @param anchor the ratio that holds the row's base; 0 while none does
 */
export function followReference(
  data: Float64Array,
  cell: number,
  reading: { readonly seconds: number; readonly numerator: number; readonly denominator: number },
  age: number,
  anchor: number,
): void {
  const keep = Math.exp(-reading.seconds / MEAN_TAU);
  data[cell + BAD] = data[cell + BAD]! * keep + reading.numerator;
  data[cell + TOTAL] = data[cell + TOTAL]! * keep + reading.denominator;
  if (anchor === 0 || data[cell + TOTAL] === 0) return;
  const mean = Math.max(FLOOR, data[cell + BAD]! / data[cell + TOTAL]!);
  const { seconds } = reading;
  const lowest = data[cell + LOWEST]! || anchor;
  if (age < FROM_AGE) {
    data[cell + LOWEST] = followed(lowest, mean, seconds, YOUNG_TAU, YOUNG_RISE_A_DAY);
    return;
  }
  const reference = data[cell + REFERENCE]! || Math.min(mean, lowest);
  data[cell + REFERENCE] = followed(reference, mean, seconds, REFERENCE_TAU, RISE_A_DAY);
  data[cell + LOWEST] = Math.min(data[cell + REFERENCE]!, lowest * risen(LOWEST_RISE_A_DAY, seconds));
}

/** The row is where it should be: days are held against no less than how they have become. @returns what they were held against */
export function acknowledgeReference(data: Float64Array, cell: number): Float64Array {
  const before = data.slice(cell + REFERENCE, cell + LOWEST + 1);
  const mean = data[cell + TOTAL]! > 0 ? data[cell + BAD]! / data[cell + TOTAL]! : 0;
  if (data[cell + REFERENCE]! > 0) data[cell + REFERENCE] = Math.max(data[cell + REFERENCE]!, mean);
  if (data[cell + LOWEST]! > 0) data[cell + LOWEST] = Math.max(data[cell + LOWEST]!, mean);
  return before;
}

/** Takes an acknowledgement back. @param before what it returned */
export function recallReference(data: Float64Array, cell: number, before: Float64Array): void {
  data.set(before, cell + REFERENCE);
}

/** By which factor a ratio may rise in so many seconds, a day at most; readings are short beside a day, so that it needs no power. */
const risen = (logADay: number, seconds: number): number => 1 + logADay * Math.min(1, seconds / DAY);

/** A ratio that follows another with a time constant, upward by a factor a day at most. */
function followed(ratio: number, towards: number, seconds: number, tau: number, rise: number): number {
  return ratio + Math.min((towards - ratio) * Math.min(1, seconds / tau), ratio * (risen(rise, seconds) - 1));
}

export const dayBad = (data: Float64Array, cell: number): number => data[cell + BAD]!;
export const dayTotal = (data: Float64Array, cell: number): number => data[cell + TOTAL]!;
/**
 * The ratio a day is held against: the reference, or a little more than its lowest where that is less and the day far above it; 0
 * while there is none.
 */
export function referenceOf(data: Float64Array, cell: number): number {
  const reference = data[cell + REFERENCE]!;
  if (reference === 0) return 0;
  const lowest = data[cell + LOWEST]!;
  return data[cell + BAD]! > (lowest + ABOVE_LOWEST) * data[cell + TOTAL]!
    ? Math.min(reference, TIMES_LOWEST * lowest)
    : reference;
}

/** Seconds until there is something to hold a day against. @param age seconds the row has been learning */
export const referenceIn = (data: Float64Array, cell: number, age: number): number =>
  data[cell + REFERENCE]! > 0 ? 0 : Math.max(1, FROM_AGE - age);

/** Evidence that the day has more bad events than the reference explains; 0 while there is no reference. */
export const creepEvidence = (data: Float64Array, cell: number): number =>
  data[cell + REFERENCE] === 0 || data[cell + BAD]! < LEAST_BAD
    ? 0
    : upperEvidence(data[cell + BAD]!, explained(data, cell), SHAPE);

/** The bad events at which the day's evidence would reach `nats`. */
export const creepBound = (data: Float64Array, cell: number, nats: number): number =>
  Math.max(LEAST_BAD, upperBound(explained(data, cell), SHAPE, nats));

/** The bad events of a day that need no explanation. */
const explained = (data: Float64Array, cell: number): number => data[cell + TOTAL]! * (referenceOf(data, cell) + SLACK);
