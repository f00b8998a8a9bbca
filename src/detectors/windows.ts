import type { Reading } from "../series/reading.ts";

/**
 * Tumbling windows of several lengths over the same readings; each is looked at on every reading, full or not. The first of
 * a window's cells is its beginning in epoch milliseconds.
 */
export const START = 0;

/** Whether a window lies wholly before a reading: the reading begins another one. */
export const ended = (start: number, reading: Reading, length: number): boolean =>
  full(start, reading.at - reading.seconds * 1000, reading.seconds, length);

/** Whether a window is full with the reading just taken. Lengths are met to the nearest scrape, so jitter adds none. */
export const complete = (start: number, reading: Reading, length: number): boolean =>
  full(start, reading.at, reading.seconds, length);

/**
 * The largest of the first `last + 1` lengths that fits into a window so far. A window not yet full is as over-dispersed as a
 * shorter one: with the shape of its full length, a burst of one scrape would look impossible.
 */
export function completedScale(start: number, reading: Reading, lengths: readonly number[], last: number): number {
  const spanned = span(start, reading.at, reading.seconds);
  let scale = last;
  while (scale > 0 && spanned < lengths[scale]!) scale--;
  return scale;
}

const full = (start: number, at: number, seconds: number, length: number): boolean =>
  span(start, at, seconds) >= length;

/** Seconds a window spans, half a scrape more than it holds. */
const span = (start: number, at: number, seconds: number): number => (at - start) / 1000 + seconds / 2;
