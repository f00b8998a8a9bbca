import type { HistoryBudget } from "./budget.ts";
import { Column } from "./column.ts";
import type { Labels } from "./labels.ts";
import type { Matcher } from "./matchers.ts";
import { type ColumnView, viewsOf } from "./table-view.ts";
import type { DurationMs, EpochMs } from "./time.ts";

const FIRST_ROWS = 16;
/** Rows between two looks for columns that hold no sample any more. */
const SWEEP_ROWS = 64;

/** Bounds of one table; what does not fit is refused and counted, never grown for. */
export interface TableLimits {
  /** Series kept at a time; more than a page may have. */
  readonly columns: number;
  /** A power of two. */
  readonly rows: number;
  /** Series kept that were not on the last good page: whoever renames what it shows at each scrape keeps no more of the past. */
  readonly absent?: number;
}

const DEFAULT_TABLE_LIMITS: TableLimits = { columns: 60_000, rows: 131_072, absent: 5_000 };

/**
 * The recent samples of one target: a row is a scrape, a column is a series, times are stored once per row. A ring that
 * reaches back as far as rules read and farther while the history budget allows.
 *
 * Rows are numbered from 0 and never renumbered. A row whose scrape failed holds no sample, so every series of the target
 * is stale at that instant. The number of a column means the same series until `reclaim` or `keep` says otherwise.
 */
export class Table {
  readonly labels: Labels;
  /** By column number; undefined where a number means no series. */
  readonly columns: (Column | undefined)[] = [];
  /** Times of the rows, a ring: row r is at r modulo its length, a power of two. */
  times = new Float64Array(FIRST_ROWS);
  /** Number of the newest row; −1 while empty. */
  newest = -1;
  /** Number of the oldest row still held. */
  oldest = 0;
  /** Changes whenever a column comes or goes. */
  shape = 0;
  /** How often a series was refused because the table was full. */
  refused = 0;
  readonly #budget: HistoryBudget;
  readonly #limits: TableLimits;
  readonly #byKey = new Map<string, number>();
  readonly #views = new WeakMap<
    readonly Matcher[],
    { readonly shape: number; readonly views: readonly ColumnView[] }
  >();
  #spare: number[] = [];
  #good = new Uint8Array(FIRST_ROWS);
  #lastGood = -1;
  /** Samples on the last good page. */
  #present = 0;
  #sampleBytes = 0;
  #fixedBytes = 0;
  #reach: DurationMs;
  /** Some series was refused since `reclaim` last freed columns. */
  #full = false;
  #nextSweep = SWEEP_ROWS;

  /** @param reach how far back rules read */
  constructor(labels: Labels, budget: HistoryBudget, reach: DurationMs, limits: TableLimits = DEFAULT_TABLE_LIMITS) {
    this.labels = labels;
    this.#budget = budget;
    this.#limits = limits;
    this.#reach = reach;
    budget.join();
    this.#account(FIRST_ROWS * 9, 0);
  }

  /** The column of a series, made on first sight; −1 when there is no room for it. */
  column(labels: Labels): number {
    const known = this.#byKey.get(labels.key);
    if (known !== undefined) return known;
    // A series of our own may still get its place in the newest row.
    const column = new Column(labels, Math.max(0, this.newest));
    if (this.#byKey.size >= this.#limits.columns || !this.#allows(column.sampleBytes + column.fixedBytes)) {
      this.refused++;
      this.#full = true;
      return -1;
    }
    const index = this.#spare.pop() ?? this.columns.length;
    this.columns[index] = column;
    this.#byKey.set(labels.key, index);
    this.#account(column.sampleBytes, column.fixedBytes);
    this.shape++;
    return index;
  }

  /**
   * Frees the columns of which no row holds a sample; where too many were not on the last good page, those of them that are
   * gone longest, until half as many may be left; after a refusal all of them. To be called between pages, by whoever holds numbers of columns: when it freed any, those numbers will mean other series, and
   * all of them have to be asked for again. Only `keep` frees columns as well.
   * @returns how many were freed
   */
  reclaim(): number {
    const crowded = this.#byKey.size - this.#present > (this.#limits.absent ?? Number.POSITIVE_INFINITY);
    if (!this.#full && !crowded && this.newest < this.#nextSweep) return 0;
    this.#nextSweep = this.newest + SWEEP_ROWS;
    const keep = this.#full ? this.#lastGood : crowded ? this.#firstKept() : 0;
    return this.#free((column) => column.lastRow < Math.max(this.oldest, keep));
  }

  /**
   * Frees the columns of series that nobody wants any more. What is said of numbers of columns at `reclaim` holds here too.
   * @returns how many were freed
   */
  keep(wanted: (series: Labels) => boolean): number {
    return this.#free((column) => !wanted(column.labels));
  }

  /**
   * Adds a row. `columns[i]` (i < length) takes `values[i]`; every other series is absent from it.
   * @param good whether the row comes from a page that was read
   * @returns the row's number
   * @throws RangeError when time does not move forward
   */
  append(at: EpochMs, columns: Int32Array, values: Float64Array, length: number, good: boolean): number {
    if (this.newest >= 0 && at <= this.time(this.newest)) {
      throw new RangeError(`Cannot add a row at ${at}: expected a time after the newest row's`);
    }
    this.#makeRoom(at);
    const row = ++this.newest;
    const slot = row & (this.times.length - 1);
    this.times[slot] = at;
    this.#good[slot] = good ? 1 : 0;
    for (let i = 0; i < length; i++) this.#write(this.columns[columns[i]!]!, row, values[i]!);
    if (good) {
      this.#lastGood = row;
      this.#present = length;
    }
    return row;
  }

  /** Puts one more sample into the newest row. */
  put(column: number, value: number): void {
    this.#write(this.columns[column]!, this.newest, value);
  }

  /** The sample of a column in a row; undefined where there is none. */
  value(column: number, row: number): number | undefined {
    const at = this.columns[column];
    return at !== undefined && row >= this.oldest && at.has(row) ? at.get(row) : undefined;
  }

  time(row: number): EpochMs {
    return this.times[row & (this.times.length - 1)]! as EpochMs;
  }

  /** Whether a row came from a page that was read. */
  isGood(row: number): boolean {
    return row >= this.oldest && row <= this.newest && this.#good[row & (this.times.length - 1)] === 1;
  }

  /** The series whose labels satisfy all matchers, in the order of the columns; cached by the identity of `matchers`. */
  views(matchers: readonly Matcher[]): readonly ColumnView[] {
    const known = this.#views.get(matchers);
    if (known?.shape === this.shape) return known.views;
    const views = viewsOf(this, matchers);
    this.#views.set(matchers, { shape: this.shape, views });
    return views;
  }

  /** How far back rules read from now on. */
  set reach(reach: DurationMs) {
    this.#reach = reach;
  }

  /** The time of the oldest row still held: how far back history reaches. */
  get since(): EpochMs | undefined {
    return this.newest < 0 ? undefined : this.time(this.oldest);
  }

  /** Memory of samples, labels and times. */
  get bytes(): number {
    return this.#sampleBytes + this.#fixedBytes;
  }

  /** Series held. */
  get size(): number {
    return this.#byKey.size;
  }

  /** Gives its memory back to the budget; the table is not used any more. */
  close(): void {
    this.#budget.leave(this.#sampleBytes, this.#fixedBytes);
  }

  #write(column: Column, row: number, value: number): void {
    if (column.takes(row, value, this.times.length)) column.set(row, value);
    else this.#extend(column, row, value);
  }

  /** Writes a sample that needs more memory; without that memory the oldest samples of the series go. */
  #extend(column: Column, row: number, value: number): void {
    const before = column.sampleBytes;
    const size = Math.min(this.times.length, column.cellsFor(row, this.oldest));
    if (size > column.size && this.#allows((size - column.size) * 8)) {
      column.resize(size, this.oldest);
    }
    column.set(row, value);
    this.#account(column.sampleBytes - before, 0);
  }

  /** Before a row is added: grow while rules need it or the budget allows, give back what is above the share. */
  #makeRoom(at: EpochMs): void {
    const size = this.times.length;
    if (size > FIRST_ROWS && this.#budget.reclaims(this.#sampleBytes) && this.#suffices(size / 2, at))
      this.#resize(size / 2);
    else if (this.newest + 1 - this.oldest >= size && size * 2 <= this.#limits.rows) {
      const more = this.#byKey.size * size * 8;
      const grows = this.#suffices(size, at) ? this.#budget.allowsHistory(this.#sampleBytes, more) : this.#allows(more);
      if (grows) this.#resize(size * 2);
    }
    if (this.newest + 1 - this.oldest >= this.times.length) this.oldest = this.newest + 2 - this.times.length;
  }

  /** Whether `rows` rows, the coming one among them, reach as far back as rules read. */
  #suffices(rows: number, at: EpochMs): boolean {
    const first = this.newest + 2 - rows;
    return first < this.oldest || at - this.time(first) >= this.#reach;
  }

  /** Changes the number of rows. Columns as long as the ring follow; younger ones grow with their age. */
  #resize(size: number): void {
    const old = this.times.length;
    this.oldest = Math.max(this.oldest, this.newest + 1 - size);
    const times = new Float64Array(size);
    const good = new Uint8Array(size);
    for (let row = this.oldest; row <= this.newest; row++) {
      times[row & (size - 1)] = this.times[row & (old - 1)]!;
      good[row & (size - 1)] = this.#good[row & (old - 1)]!;
    }
    this.times = times;
    this.#good = good;
    let more = (size - old) * 9;
    for (const column of this.columns) {
      if (column === undefined || column.size < Math.min(old, size)) continue;
      const before = column.sampleBytes;
      // A series that is gone needs no room for rows to come.
      if (size < old || column.lastRow === this.newest) column.resize(size, this.oldest);
      more += column.sampleBytes - before;
    }
    this.#account(more, 0);
  }

  /** The row since which half as many series went as may be kept of those that did. */
  #firstKept(): number {
    const gone: number[] = [];
    for (const column of this.columns) if (column && column.lastRow < this.#lastGood) gone.push(column.lastRow);
    gone.sort((a, b) => b - a);
    return (gone[(this.#limits.absent ?? 0) >> 1] ?? -1) + 1;
  }

  #free(goes: (column: Column) => boolean): number {
    const before = this.#byKey.size;
    for (const [key, index] of this.#byKey) {
      const column = this.columns[index]!;
      if (!goes(column)) continue;
      this.#byKey.delete(key);
      this.columns[index] = undefined;
      this.#account(-column.sampleBytes, -column.fixedBytes);
    }
    const freed = before - this.#byKey.size;
    if (freed > 0) this.#afterFreeing();
    return freed;
  }

  #afterFreeing(): void {
    while (this.columns.length > 0 && this.columns.at(-1) === undefined) this.columns.pop();
    this.#spare = [];
    this.columns.forEach((column, index) => {
      if (column === undefined) this.#spare.push(index);
    });
    this.#full = false;
    this.shape++;
  }

  #allows(more: number): boolean {
    return this.#budget.allows(this.bytes, more);
  }

  #account(samples: number, fixed: number): void {
    this.#sampleBytes += samples;
    this.#fixedBytes += fixed;
    this.#budget.account(samples, fixed);
  }
}
