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

/**
 * How much a counter grew over an interval. A fall is a reset: it grew by what it shows now. A series that was not there in
 * the page before was born at 0 since: its first value is its increase.
 * @returns undefined where the counter is not there now, or shows what no counter shows (NaN, infinity)
 */
export function increase(table: Table, column: number, interval: Interval): number | undefined {
  const now = table.value(column, interval.row);
  if (now === undefined || !Number.isFinite(now)) return undefined;
  const before = table.value(column, interval.previous);
  if (before === undefined || !Number.isFinite(before) || now < before) return Math.max(0, now);
  return now - before;
}
