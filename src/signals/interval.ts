import type { Table } from "../series/table.ts";

/** The stretch of time between two rows of a table that a reading is about. */
export interface Interval {
  /** The row that ends it; it was read from a page. */
  readonly row: number;
  /** The last row before it that was read from a page; −1 where there is none. */
  readonly previous: number;
  readonly seconds: number;
  /**
   * What lies between the two rows. `gap`: scrapes failed in between. `restart`: the process changed, so counters of the
   * two rows do not belong together. `first`: there is no row before.
   */
  readonly kind: "plain" | "gap" | "restart" | "first";
}

/** The interval that ends with the newest row of a table. */
export function lastInterval(table: Table, restarted: boolean): Interval {
  const row = table.newest;
  let previous = row - 1;
  while (previous >= table.oldest && !table.isGood(previous)) previous--;
  if (previous < table.oldest) return { row, previous: -1, seconds: 0, kind: "first" };
  const seconds = (table.time(row) - table.time(previous)) / 1000;
  return { row, previous, seconds, kind: restarted ? "restart" : previous === row - 1 ? "plain" : "gap" };
}

/** Rows looked back over for the last sample of a counter that was missing for a while. */
const FARTHEST = 256;

/**
 * How much a counter grew over an interval. A fall is a reset: it grew by what it shows now. A series never seen before was
 * born at 0 since the page before: its first value is its increase. One that was missing for some pages grew since its last
 * sample.
 * @returns undefined where the counter is not there now; NaN where it, or its last sample, shows what no counter shows
 */
export function increase(table: Table, column: number, interval: Interval): number | undefined {
  const now = table.value(column, interval.row);
  if (now === undefined) return undefined;
  const before = lastSample(table, column, interval.previous);
  if (before === undefined) return counted(now) ? now : Number.NaN;
  if (!counted(now) || !counted(before)) return Number.NaN;
  return now < before ? now : now - before;
}

/** Whether a value can be a counter's. */
export const counted = (value: number): boolean => Number.isFinite(value) && value >= 0;

function lastSample(table: Table, column: number, newest: number): number | undefined {
  const oldest = Math.max(table.oldest, newest - FARTHEST);
  for (let row = newest; row >= oldest; row--) {
    const value = table.value(column, row);
    if (value !== undefined) return value;
  }
  return undefined;
}
