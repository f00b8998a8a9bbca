import type { Labels } from "./labels.ts";

/**
 * The samples of one series in a ring of rows. A cell without a sample is NaN; where a series really had the value NaN, a
 * mark says so (rare: the quantiles of idle summaries), because absence and NaN mean different things.
 */
export class Column {
  readonly labels: Labels;
  values: Float64Array;
  /** Number of the newest row that holds a sample; −1 before the first. */
  lastRow = -1;
  #nan: Uint8Array | undefined;

  constructor(labels: Labels, size: number) {
    this.labels = labels;
    this.values = new Float64Array(size).fill(Number.NaN);
  }

  set(slot: number, row: number, value: number): void {
    this.values[slot] = value;
    this.lastRow = row;
    if (Number.isNaN(value)) this.#nan ??= new Uint8Array(this.values.length);
    if (this.#nan) this.#nan[slot] = Number.isNaN(value) ? 1 : 0;
  }

  clear(slot: number): void {
    this.values[slot] = Number.NaN;
    if (this.#nan) this.#nan[slot] = 0;
  }

  has(slot: number): boolean {
    return !Number.isNaN(this.values[slot]!) || this.#nan?.[slot] === 1;
  }

  /** Moves the rows [first, last] into a ring of another size; rows keep their numbers. */
  resize(size: number, first: number, last: number): void {
    const old = this.values;
    const oldNan = this.#nan;
    this.values = new Float64Array(size).fill(Number.NaN);
    this.#nan = oldNan ? new Uint8Array(size) : undefined;
    for (let row = first; row <= last; row++) {
      this.values[row % size] = old[row % old.length]!;
      if (oldNan && this.#nan) this.#nan[row % size] = oldNan[row % old.length]!;
    }
  }

  get bytes(): number {
    return this.values.length * 8 + (this.#nan?.length ?? 0);
  }
}
