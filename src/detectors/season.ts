/** Hours of the day, once for working days and once for weekends, in UTC. */
const BINS = 48;
const HOURS = 24;
const HOUR_MS = 3_600_000;
/** A bin speaks once so many hours of data went into it. */
const KNOWN_HOURS = 0.5;
/** How far one hour of data moves a bin that is known. */
const GAIN_PER_HOUR = 0.12;

/**
 * Hour-of-day × weekday/weekend profile of a quantity, one row of 48 bins a subject, read with linear interpolation between
 * the middles of hours. A bin never seen borrows from the other kind of day.
 */
export class SeasonRows {
  #values: Float32Array = new Float32Array(BINS * 8);
  #hours: Float32Array = new Float32Array(BINS * 8);

  /** Makes a row empty, growing the memory if need be. */
  reset(row: number): void {
    if ((row + 1) * BINS > this.#values.length) {
      this.#values = grown(this.#values, (row + 1) * BINS * 2);
      this.#hours = grown(this.#hours, (row + 1) * BINS * 2);
    }
    this.#values.fill(0, row * BINS, (row + 1) * BINS);
    this.#hours.fill(0, row * BINS, (row + 1) * BINS);
  }

  /** The profile at an instant; NaN where nothing is known of that hour and its neighbour. */
  at(row: number, at: number): number {
    const hour = at / HOUR_MS - 0.5;
    const first = Math.floor(hour);
    const a = this.#bin(row, first * HOUR_MS);
    const b = this.#bin(row, (first + 1) * HOUR_MS);
    if (Number.isNaN(a)) return b;
    return Number.isNaN(b) ? a : a + (hour - first) * (b - a);
  }

  update(row: number, at: number, value: number, seconds: number): void {
    const cell = row * BINS + binOf(at);
    const hours = seconds / 3600;
    const known = this.#hours[cell]!;
    const gain = known === 0 ? 1 : Math.max(GAIN_PER_HOUR * hours, hours / (known + hours));
    this.#values[cell]! += gain * (value - this.#values[cell]!);
    this.#hours[cell] = known + hours;
  }

  save(row: number): Float64Array {
    return Float64Array.from([
      ...this.#values.slice(row * BINS, (row + 1) * BINS),
      ...this.#hours.slice(row * BINS, (row + 1) * BINS),
    ]);
  }

  load(row: number, saved: Float64Array): void {
    this.#values.set(saved.subarray(0, BINS), row * BINS);
    this.#hours.set(saved.subarray(BINS, 2 * BINS), row * BINS);
  }

  get bytesPerRow(): number {
    return BINS * 2 * 4;
  }

  #bin(row: number, at: number): number {
    const bin = binOf(at);
    const cell = row * BINS + bin;
    if (this.#hours[cell]! >= KNOWN_HOURS) return this.#values[cell]!;
    const other = row * BINS + ((bin + HOURS) % BINS);
    return this.#hours[other]! >= KNOWN_HOURS ? this.#values[other]! : Number.NaN;
  }
}

/** 1970-01-01 was a Thursday. */
function binOf(at: number): number {
  const hour = Math.floor(at / HOUR_MS);
  const day = (Math.floor(hour / HOURS) + 4) % 7;
  return (day === 0 || day === 6 ? HOURS : 0) + (hour % HOURS);
}

function grown(cells: Float32Array, size: number): Float32Array {
  const more = new Float32Array(size);
  more.set(cells);
  return more;
}
