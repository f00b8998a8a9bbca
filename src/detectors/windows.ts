import type { Reading } from "../series/reading.ts";

/**
 * Tumbling windows of several lengths over the same readings; each is looked at on every reading, full or not. The first of
 * a window's cells is its beginning in epoch milliseconds. One cell of a row says which windows are full with the newest reading, a
 * bit each: asked twice, with another reading's length for the tolerance, windows would be counted twice or not at all.
 */
export const START = 0;

/** Whether a reading begins a window anew: the one before is full, or lies wholly before it. */
export const begins = (full: number, w: number, start: number, reading: Reading, length: number): boolean =>
  isFull(full, w) || (reading.at - start) / 1000 - reading.seconds >= length;

/**
 * Which windows are full after a reading was taken into one of them. Lengths are met to the nearest scrape, so jitter adds none.
 * @param full which were before
 */
export const filled = (full: number, w: number, start: number, reading: Reading, length: number): number =>
  span(start, reading.at, reading.seconds) >= length ? full | (1 << w) : full & ~(1 << w);

export const isFull = (full: number, w: number): boolean => ((full >> w) & 1) === 1;

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

/** Seconds a window spans, half a scrape more than it holds. */
const span = (start: number, at: number, seconds: number): number => (at - start) / 1000 + seconds / 2;
