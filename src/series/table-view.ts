import type { Column } from "./column.ts";
import type { Labels } from "./labels.ts";
import { type Matcher, matchesAll } from "./matchers.ts";
import type { Point, PointBuffer, SeriesView } from "./source.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** What a view needs of the table its column is in. */
interface Rows {
  readonly newest: number;
  readonly oldest: number;
  time(row: number): EpochMs;
}

/** One column of a table as a reader sees it. */
export class ColumnView implements SeriesView {
  readonly labels: Labels;
  readonly #table: Rows;
  readonly #column: Column;

  constructor(table: Rows, column: Column) {
    this.labels = column.labels;
    this.#table = table;
    this.#column = column;
  }

  latest(at: EpochMs, lookback: DurationMs, out: Point): boolean {
    const row = lastRowAt(this.#table, at);
    if (row < this.#table.oldest || !this.#column.has(row)) return false;
    const time = this.#table.time(row);
    if (time <= at - lookback) return false;
    out.time = time;
    out.value = this.#column.get(row);
    return true;
  }

  range(from: EpochMs, to: EpochMs, out: PointBuffer): void {
    const table = this.#table;
    const last = Math.min(lastRowAt(table, to), this.#column.lastRow);
    for (let row = Math.max(table.oldest, lastRowAt(table, from) + 1); row <= last; row++) {
      if (this.#column.has(row)) out.push(table.time(row), this.#column.get(row));
    }
  }
}

/** The views of every column whose labels satisfy all matchers, in the order of the columns. */
export function viewsOf(
  table: Rows & { readonly columns: readonly (Column | undefined)[] },
  matchers: readonly Matcher[],
): ColumnView[] {
  const views: ColumnView[] = [];
  for (const column of table.columns) {
    if (column && matchesAll(matchers, column.labels)) views.push(new ColumnView(table, column));
  }
  return views;
}

/** Number of the newest row at or before an instant; `table.oldest − 1` where there is none. */
function lastRowAt(table: Rows, at: EpochMs): number {
  if (table.newest >= table.oldest && table.time(table.newest) <= at) return table.newest;
  let low = table.oldest - 1;
  let high = table.newest - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (table.time(middle) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
