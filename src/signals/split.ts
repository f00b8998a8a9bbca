import { METRIC_NAME } from "../series/labels.ts";
import type { Table } from "../series/table.ts";
import { increase } from "./interval.ts";

/** Values of a label that are told one by one. */
const MOST_VALUES = 8;
/** Characters of a value: it is a stranger's text. */
const LONGEST = 100;
/** Samples looked at: a page may have given one subject thousands of series. */
const MOST_SAMPLES = 4_000;
/** What people look for first where there is a choice. */
const FIRST_CHOICE = "reason";

/** How a count divides among the values of a label that its subject sums away. */
export interface Split {
  readonly label: string;
  /** The largest first; values that counted nothing are left out. */
  readonly counts: readonly (readonly [value: string, count: number])[];
  /** What all other values have together. */
  readonly other: number;
}

/**
 * Divides the last `amount` events that some counters of a table counted together.
 * @param columns numbers of the counters
 * @param by labels that are the same for all of them
 * @param until epoch milliseconds at which the last of them had come; the newest row's time where nothing is said
 * @returns undefined where no label tells the counters apart, or nothing of it is held any more
 */
export function splitOf(
  table: Table,
  columns: readonly number[],
  by: readonly string[],
  amount: number,
  until = Number.POSITIVE_INFINITY,
): Split | undefined {
  const label = labelOf(table, columns, by);
  if (label === undefined || !(amount > 0)) return undefined;
  const counts = new Map<string, number>();
  for (const [column, count] of counted(table, columns, amount, until)) {
    const text = table.columns[column]?.labels.get(label) ?? "";
    const value = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
    if (count > 0) counts.set(value, (counts.get(value) ?? 0) + count);
  }
  if (counts.size === 0) return undefined;
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const other = sorted.slice(MOST_VALUES).reduce((sum, [, count]) => sum + count, 0);
  return { label, counts: sorted.slice(0, MOST_VALUES), other };
}

/** The label to divide by: one that each counter has; of several the reason, else the one with the most values. */
function labelOf(table: Table, columns: readonly number[], by: readonly string[]): string | undefined {
  const values = new Map<string, Set<string>>();
  const had = new Map<string, number>();
  for (const column of columns) {
    for (const [name, value] of table.columns[column]?.labels.pairs ?? []) {
      if (name === METRIC_NAME || by.includes(name)) continue;
      had.set(name, (had.get(name) ?? 0) + 1);
      values.set(name, (values.get(name) ?? new Set()).add(value));
    }
  }
  const carried = [...values].filter(([name]) => had.get(name) === columns.length);
  if (carried.some(([name]) => name === FIRST_CHOICE)) return FIRST_CHOICE;
  const [best] = carried
    .filter(([, { size }]) => size > 1)
    .sort(([a, x], [b, y]) => y.size - x.size || (a < b ? -1 : 1));
  return best?.[0];
}

/**
 * What each counter counted, from a time back until together they counted the amount. A window holds whole intervals,
 * so the rows in which its events came are found exactly, wherever it began; in steps that double, and halve once they are too
 * long, for a window may be hours.
 */
function counted(table: Table, columns: readonly number[], amount: number, until: number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  let row = rowAt(table, until);
  let total = 0;
  let step = 1;
  let growing = true;
  for (let samples = 0; total < amount && samples < MOST_SAMPLES; samples += columns.length) {
    const previous = goodRow(table, row - step);
    const grown = previous < table.oldest ? undefined : columns.map((column) => between(table, column, row, previous));
    const sum = grown?.reduce((all, one) => all + one, 0) ?? Number.POSITIVE_INFINITY;
    if (step > 1 && total + sum > amount) {
      growing = false;
      step >>= 1;
      continue;
    }
    if (!grown) break;
    for (const [i, column] of columns.entries()) counts.set(column, (counts.get(column) ?? 0) + grown[i]!);
    total += sum;
    row = previous;
    if (growing) step *= 2;
  }
  return counts;
}

/** The last row read from a page by a time. */
function rowAt(table: Table, until: number): number {
  let row = goodRow(table, table.newest);
  while (row > table.oldest && table.time(row) > until) row = goodRow(table, row - 1);
  return row;
}

/** The last row read from a page that is not after another; before the oldest where there is none. */
function goodRow(table: Table, row: number): number {
  let good = row;
  while (good >= table.oldest && !table.isGood(good)) good--;
  return good;
}

/** What a counter counted between two rows; 0 where it shows what no counter shows. */
function between(table: Table, column: number, row: number, previous: number): number {
  const grown = increase(table, column, { row, previous, seconds: 0, kind: "plain" }) ?? 0;
  return Number.isNaN(grown) ? 0 : grown;
}
