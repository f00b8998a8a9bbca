import { Rows } from "./rows.ts";
import { SeasonRows } from "./season.ts";

/** What every detector does with its rows, whatever it keeps in them. */
export abstract class Bank {
  protected readonly rows: Rows;

  /**
   * @param stride numbers a row
   * @param initial writes what is not 0 in a new row that begins at `base`
   */
  constructor(stride: number, initial: (data: Float64Array, base: number) => void = () => {}) {
    this.rows = new Rows(stride, initial);
  }

  add(): number {
    return this.rows.add();
  }

  remove(row: number): void {
    this.rows.remove(row);
  }

  /** Most detectors keep no slow reference that could follow, or come back. */
  acknowledge(_row: number): Float64Array | undefined {
    return undefined;
  }

  recall(_row: number, _reference: Float64Array): void {}

  save(row: number): Float64Array {
    return this.rows.save(row);
  }

  load(row: number, saved: Float64Array): void {
    this.rows.load(row, saved);
  }

  get bytesPerRow(): number {
    return this.rows.bytesPerRow;
  }
}

/** A bank with a daily profile for each row. */
export abstract class SeasonalBank extends Bank {
  protected readonly season: SeasonRows;

  /** @param offset milliseconds that local time is ahead of UTC at an instant */
  constructor(stride: number, initial?: (data: Float64Array, base: number) => void, offset?: (at: number) => number) {
    super(stride, initial);
    this.season = new SeasonRows(offset);
  }

  override add(): number {
    const row = super.add();
    this.season.reset(row);
    return row;
  }

  override save(row: number): Float64Array {
    return Float64Array.from([...super.save(row), ...this.season.save(row)]);
  }

  override load(row: number, saved: Float64Array): void {
    super.load(row, saved.subarray(0, this.rows.stride));
    this.season.load(row, saved.subarray(this.rows.stride));
  }

  override get bytesPerRow(): number {
    return super.bytesPerRow + this.season.bytesPerRow;
  }
}
