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

/** Seconds a window spans with the newest reading, half a scrape more than it holds: lengths are met to the nearest scrape, so jitter adds none. */
export const spanOf = (start: number, reading: Reading): number => (reading.at - start) / 1000 + reading.seconds / 2;

/** Which windows are full after a reading was taken into one of them. @param full which were before */
export const filled = (full: number, w: number, spanned: number, length: number): number =>
  spanned >= length ? full | (1 << w) : full & ~(1 << w);

export const isFull = (full: number, w: number): boolean => ((full >> w) & 1) === 1;

/**
 * The largest of the first `last + 1` lengths that fits into a window so far. A window not yet full is as over-dispersed as a
 * shorter one: with the shape of its full length, a burst of one scrape would look impossible.
 */
export function completedScale(spanned: number, lengths: readonly number[], last: number): number {
  let scale = last;
  while (scale > 0 && spanned < lengths[scale]!) scale--;
  return scale;
}
