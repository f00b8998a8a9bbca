import { FLOOR } from "./ratio-base.ts";
import { upperBound, upperEvidence } from "./tails.ts";

const DAY = 86_400;
/** A mean with this time constant is that of about a day. */
export const MEAN_TAU = DAY / 2;
/** The reference behind it follows in a week and rises by 4 % a day at most: it doubles in eighteen days. */
const REFERENCE_TAU = 7 * DAY;
const RISE_A_DAY = 1.04;
/** The reference begins when a row is a day old: before, nobody knows its nights. */
const FROM_AGE = DAY;
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

/** Cells of the slow reference: a day's bad and total, and the ratio they are held against. */
export const REFERENCE_CELLS = 3;

/** Takes a reading that teaches. What alarmed does not count, until a day of alarm made it the new normal: then it does. */
export function followReference(
  data: Float64Array,
  cell: number,
  reading: { readonly seconds: number; readonly numerator: number; readonly denominator: number },
  age: number,
): void {
  const keep = Math.exp(-reading.seconds / MEAN_TAU);
  data[cell + BAD] = data[cell + BAD]! * keep + reading.numerator;
  data[cell + TOTAL] = data[cell + TOTAL]! * keep + reading.denominator;
  if (age < FROM_AGE || data[cell + TOTAL] === 0) return;
  const mean = Math.max(FLOOR, data[cell + BAD]! / data[cell + TOTAL]!);
  const reference = data[cell + REFERENCE]!;
  if (reference === 0) {
    data[cell + REFERENCE] = mean;
    return;
  }
  const days = Math.min(1, reading.seconds / DAY);
  const step = (mean - reference) * Math.min(1, reading.seconds / REFERENCE_TAU);
  data[cell + REFERENCE] = reference + Math.min(step, reference * (RISE_A_DAY ** days - 1));
}

export const dayBad = (data: Float64Array, cell: number): number => data[cell + BAD]!;
export const dayTotal = (data: Float64Array, cell: number): number => data[cell + TOTAL]!;
/** The ratio a day is held against; 0 while there is none. */
export const referenceOf = (data: Float64Array, cell: number): number => data[cell + REFERENCE]!;

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
const explained = (data: Float64Array, cell: number): number => data[cell + TOTAL]! * (data[cell + REFERENCE]! + SLACK);
