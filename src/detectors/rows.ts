/**
 * Memory of a detector: one row of numbers a subject, all rows in one typed array. Rows are given out and taken back; a row
 * saved and loaded goes on bit for bit.
 */
export class Rows {
  readonly stride: number;
  data: Float64Array;
  readonly #initial: (data: Float64Array, base: number) => void;
  readonly #free: number[] = [];
  #count = 0;

  /**
   * @param stride numbers a row
   * @param initial writes what is not 0 in a new row that begins at `base`
   */
  constructor(stride: number, initial: (data: Float64Array, base: number) => void) {
    this.stride = stride;
    this.#initial = initial;
    this.data = new Float64Array(stride * 8);
  }

  add(): number {
    const row = this.#free.pop() ?? this.#count++;
    if (this.#count * this.stride > this.data.length) {
      const data = new Float64Array(this.data.length * 2);
      data.set(this.data);
      this.data = data;
    }
    this.data.fill(0, row * this.stride, (row + 1) * this.stride);
    this.#initial(this.data, row * this.stride);
    return row;
  }

  remove(row: number): void {
    this.#free.push(row);
  }

  save(row: number): Float64Array {
    return this.data.slice(row * this.stride, (row + 1) * this.stride);
  }

  load(row: number, saved: Float64Array): void {
    this.data.set(saved, row * this.stride);
  }

  get bytesPerRow(): number {
    return this.stride * 8;
  }
}
