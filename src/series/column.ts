import type { Labels } from "./labels.ts";

const FIRST_CELLS = 4;
/** Memory of a column without its samples and of each of its labels (measured), beside their text. */
const COLUMN_BYTES = 700;
const LABEL_BYTES = 100;

/**
 * The samples of one series, by number of row, in a ring of its own whose size is a power of two. The ring grows with the
 * series' age up to the size of the table's, so that a series seen once costs four cells.
 *
 * A cell without a sample is NaN; where a series really had the value NaN, a mark says so (rare: the quantiles of idle
 * summaries), because absence and NaN mean different things.
 */
export class Column {
  readonly labels: Labels;
  /** Number of the newest row that holds a sample; the row before its first while there is none. */
  lastRow: number;
  /** The oldest row the cells still stand for. */
  #first: number;
  #cells = new Float64Array(FIRST_CELLS);
  #nan: Uint8Array | undefined;
  /** Its memory without its samples. */
  readonly fixedBytes: number;

  /** @param row the first row it may have a sample in */
  constructor(labels: Labels, row: number) {
    this.labels = labels;
    this.#first = row;
    this.lastRow = row - 1;
    // The text stands in the labels and once more in their key.
    let bytes = COLUMN_BYTES;
    for (const [name, value] of labels.pairs) bytes += LABEL_BYTES + 2 * (name.length + value.length);
    this.fixedBytes = bytes;
  }

  /** Whether `set` needs no more memory; `most` is how many rows there may be. */
  takes(row: number, value: number, most: number): boolean {
    const size = this.#cells.length;
    return (row - this.#first < size || size >= most) && (!Number.isNaN(value) || this.#nan !== undefined);
  }

  /** Writes a sample into the newest row or a later one; what no longer fits in the ring is lost. */
  set(row: number, value: number): void {
    const cells = this.#cells;
    const size = cells.length;
    if (row - this.#first >= size) this.#first = row - size + 1;
    if (row > this.lastRow + 1) this.#skipTo(row);
    const slot = row & (size - 1);
    cells[slot] = value;
    if (this.#nan !== undefined) this.#nan[slot] = Number.isNaN(value) ? 1 : 0;
    else if (Number.isNaN(value)) this.#mark(slot);
    this.lastRow = row;
  }

  has(row: number): boolean {
    if (row > this.lastRow || row < this.#first) return false;
    const slot = row & (this.#cells.length - 1);
    return !Number.isNaN(this.#cells[slot]!) || this.#nan?.[slot] === 1;
  }

  /** The sample of a row that has one. */
  get(row: number): number {
    return this.#cells[row & (this.#cells.length - 1)]!;
  }

  /** Cells a ring needs that holds `row` beside everything from row `oldest` on. */
  cellsFor(row: number, oldest: number): number {
    return 2 ** Math.ceil(Math.log2(Math.max(FIRST_CELLS, row - Math.max(this.#first, oldest) + 1)));
  }

  /** Gives the ring another size; of the rows before `oldest`, and of those that no longer fit, none is kept. */
  resize(size: number, oldest: number): void {
    const cells = new Float64Array(size);
    const nan = this.#nan && new Uint8Array(size);
    this.#first = Math.max(this.#first, oldest, this.lastRow - size + 1);
    for (let row = this.#first; row <= this.lastRow; row++) {
      const from = row & (this.#cells.length - 1);
      cells[row & (size - 1)] = this.#cells[from]!;
      if (nan) nan[row & (size - 1)] = this.#nan![from]!;
    }
    this.#cells = cells;
    this.#nan = nan;
  }

  /** How many rows the ring has room for. */
  get size(): number {
    return this.#cells.length;
  }

  /** Memory of its samples. */
  get sampleBytes(): number {
    return this.#cells.length * 8 + (this.#nan?.length ?? 0);
  }

  /** Empties the cells of the rows in between: the series was absent from them. */
  #skipTo(row: number): void {
    for (let absent = Math.max(this.lastRow + 1, this.#first); absent < row; absent++) {
      const slot = absent & (this.#cells.length - 1);
      this.#cells[slot] = Number.NaN;
      if (this.#nan) this.#nan[slot] = 0;
    }
  }

  #mark(slot: number): void {
    this.#nan = new Uint8Array(this.#cells.length);
    this.#nan[slot] = 1;
  }
}
