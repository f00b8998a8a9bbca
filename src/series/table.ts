import type { HistoryBudget } from "./budget.ts";
import { Column } from "./column.ts";
import type { Labels } from "./labels.ts";
import type { Matcher } from "./matchers.ts";
import { type ColumnView, viewsOf } from "./table-view.ts";
import type { DurationMs, EpochMs } from "./time.ts";

const FIRST_ROWS = 16;
/** A column nobody wrote to for so many rows (and for the whole ring) gives its place to another series. */
const KEEP_ABSENT_ROWS = 64;

/** Bounds of one table; what does not fit is refused and counted, never grown for. */
export interface TableLimits {
  /** Series kept at a time. */
  readonly columns: number;
  readonly rows: number;
}

export const DEFAULT_TABLE_LIMITS: TableLimits = { columns: 50_000, rows: 100_000 };

/**
 * The recent samples of one target: a row is a scrape, a column is a series, times are stored once per row. A ring that
 * always reaches back as far as rules read and farther while the history budget allows.
 *
 * Rows are numbered from 0 and never renumbered. A row whose scrape failed holds no sample, so every series of the target
 * is stale at that instant.
 */
export class Table {
  readonly labels: Labels;
  readonly columns: (Column | undefined)[] = [];
  times = new Float64Array(FIRST_ROWS);
  /** Number of the newest row; −1 while empty. */
  newest = -1;
  /** Number of the oldest row still held. */
  oldest = 0;
  /** Changes whenever a column comes or goes. */
  shape = 0;
  /** Series refused because the table was full. */
  refused = 0;
  readonly #budget: HistoryBudget;
  readonly #limits: TableLimits;
  readonly #byKey = new Map<string, number>();
  readonly #free: number[] = [];
  #good = new Uint8Array(FIRST_ROWS);
  #bytes = 0;
  #reach: DurationMs;

  /** @param reach how far back rules read */
  constructor(labels: Labels, budget: HistoryBudget, reach: DurationMs, limits: TableLimits = DEFAULT_TABLE_LIMITS) {
    this.labels = labels;
    this.#budget = budget;
    this.#limits = limits;
    this.#reach = reach;
    budget.join();
  }

  /** The column of a series, made on first sight; −1 when the table is full. */
  column(labels: Labels): number {
    const known = this.#byKey.get(labels.key);
    if (known !== undefined) return known;
    if (this.#byKey.size >= this.#limits.columns) this.#evict();
    if (this.#byKey.size >= this.#limits.columns) {
      this.refused++;
      return -1;
    }
    const index = this.#free.pop() ?? this.columns.length;
    const column = new Column(labels, this.times.length);
    this.columns[index] = column;
    this.#byKey.set(labels.key, index);
    this.#account(column.bytes);
    this.shape++;
    return index;
  }

  /**
   * Adds a row. `columns[i]` (i < length) takes `values[i]`; every other series is absent from it.
   * @returns the row's number
   * @throws RangeError when time does not move forward
   */
  append(at: EpochMs, columns: Int32Array, values: Float64Array, length: number, good: boolean): number {
    if (this.newest >= 0 && at <= this.times[this.newest % this.times.length]!) {
      throw new RangeError(`Cannot add a row at ${at}: expected a time after the newest row's`);
    }
    this.#makeRoom(at);
    const row = ++this.newest;
    const slot = row % this.times.length;
    this.times[slot] = at;
    this.#good[slot] = good ? 1 : 0;
    for (const column of this.columns) column?.clear(slot);
    for (let i = 0; i < length; i++) this.columns[columns[i]!]!.set(slot, row, values[i]!);
    if (row % KEEP_ABSENT_ROWS === 0) this.#evict();
    return row;
  }

  /** Puts one more sample into the newest row. */
  put(column: number, value: number): void {
    this.columns[column]!.set(this.newest % this.times.length, this.newest, value);
  }

  /** The sample of a column in a row; undefined where there is none. */
  value(column: number, row: number): number | undefined {
    const at = this.columns[column];
    if (at === undefined || row < this.oldest || row > this.newest) return undefined;
    const slot = row % this.times.length;
    return at.has(slot) ? at.values[slot]! : undefined;
  }

  time(row: number): EpochMs {
    return this.times[row % this.times.length]! as EpochMs;
  }

  /** Whether a row came from a page that was read. */
  isGood(row: number): boolean {
    return row >= this.oldest && row <= this.newest && this.#good[row % this.times.length] === 1;
  }

  views(matchers: readonly Matcher[]): ColumnView[] {
    return viewsOf(this, matchers);
  }

  /** How far back rules read from now on. */
  set reach(reach: DurationMs) {
    this.#reach = reach;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Series held. */
  get size(): number {
    return this.#byKey.size;
  }

  close(): void {
    this.#budget.leave(this.#bytes);
  }

  /** Before a row is added: grow while rules need it or the budget allows, shrink when the share became smaller. */
  #makeRoom(at: EpochMs): void {
    const size = this.times.length;
    const share = this.#budget.share;
    if (size > FIRST_ROWS && this.#bytes > share * 1.25 && this.#held(at, size / 2)) this.#resize(size / 2);
    else if (this.newest + 1 - this.oldest >= size) {
      const needed = !this.#held(at, size);
      if (size < this.#limits.rows && (needed || this.#bytes * 2 <= share)) this.#resize(size * 2);
    }
    if (this.newest + 1 - this.oldest >= this.times.length) this.oldest = this.newest + 2 - this.times.length;
  }

  /** Whether `rows` rows, the coming one among them, still reach as far back as rules read. */
  #held(at: EpochMs, rows: number): boolean {
    const first = this.newest + 2 - rows;
    return first < this.oldest || at - this.time(Math.max(first, 0)) >= this.#reach;
  }

  #resize(size: number): void {
    const old = this.times.length;
    this.oldest = Math.max(this.oldest, this.newest + 1 - size);
    const times = new Float64Array(size);
    const good = new Uint8Array(size);
    for (let row = this.oldest; row <= this.newest; row++) {
      times[row % size] = this.times[row % old]!;
      good[row % size] = this.#good[row % old]!;
    }
    this.times = times;
    this.#good = good;
    let bytes = 0;
    for (const column of this.columns) {
      column?.resize(size, this.oldest, this.newest);
      bytes += column?.bytes ?? 0;
    }
    this.#account(bytes - this.#bytes);
  }

  /** Frees the columns that hold no sample any more. */
  #evict(): void {
    for (const [key, index] of this.#byKey) {
      const column = this.columns[index]!;
      const absent = this.newest - column.lastRow;
      if (column.lastRow >= this.oldest || absent < KEEP_ABSENT_ROWS) continue;
      this.#byKey.delete(key);
      this.columns[index] = undefined;
      this.#free.push(index);
      this.#account(-column.bytes);
      this.shape++;
    }
  }

  #account(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.account(bytes);
  }
}
