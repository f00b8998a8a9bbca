/** Hours of the day, once for working days and once for weekends, in local time. */
const BINS = 48;
const HOURS = 24;
const HOUR_MS = 3_600_000;
/** A bin speaks once so many seconds of data went into it; more than the most are not counted. */
const KNOWN = 1_800;
const MOST_KNOWN = 65_535;
/** How far one hour of data moves a bin that is known. */
const GAIN_PER_HOUR = 0.12;

/**
 * Hour-of-day × weekday/weekend profile of a quantity, one row of 48 bins a subject, read with linear interpolation between
 * the middles of hours. A bin never seen borrows from the other kind of day.
 */
export class SeasonRows {
  #values: Float32Array = new Float32Array(BINS * 8);
  /** Seconds of data in each bin. */
  #known: Uint16Array = new Uint16Array(BINS * 8);
  readonly #offset: (at: number) => number;
  /**
   * The instant looked up last, as all rows of a scrape share theirs: its bin, those whose middles it lies between, and how far
   * from the first to the second.
   */
  #at = Number.NaN;
  #bin = 0;
  #first = 0;
  #second = 0;
  #part = 0;

  /** @param offset milliseconds that local time is ahead of UTC at an instant */
  constructor(offset: (at: number) => number = () => 0) {
    this.#offset = offset;
  }

  /** Makes a row empty, growing the memory if need be. */
  reset(row: number): void {
    if ((row + 1) * BINS > this.#values.length) {
      const [values, known] = [this.#values, this.#known];
      this.#values = new Float32Array((row + 1) * BINS * 2);
      this.#known = new Uint16Array((row + 1) * BINS * 2);
      this.#values.set(values);
      this.#known.set(known);
    }
    this.#values.fill(0, row * BINS, (row + 1) * BINS);
    this.#known.fill(0, row * BINS, (row + 1) * BINS);
  }

  /** The profile at an instant; NaN where nothing is known of that hour and its neighbour. */
  at(row: number, at: number): number {
    this.#lookUp(at);
    const a = this.#value(row, this.#first);
    const b = this.#value(row, this.#second);
    if (Number.isNaN(a)) return b;
    return Number.isNaN(b) ? a : a + this.#part * (b - a);
  }

  /** Whether the hour was seen on this kind of day, so that nothing is borrowed from the other. */
  owns(row: number, at: number): boolean {
    this.#lookUp(at);
    return this.#known[row * BINS + this.#bin]! >= KNOWN;
  }

  /** @returns by how much the logarithm of the hour's value moved; 0 where it was not known before */
  update(row: number, at: number, value: number, seconds: number): number {
    this.#lookUp(at);
    const cell = row * BINS + this.#bin;
    const known = this.#known[cell]!;
    const before = this.#values[cell]!;
    const gain = known === 0 ? 1 : Math.max((GAIN_PER_HOUR * seconds) / 3600, seconds / (known + seconds));
    this.#values[cell] = before + Math.min(1, gain) * (value - before);
    this.#known[cell] = Math.min(MOST_KNOWN, known + Math.max(1, Math.round(seconds)));
    const after = this.#values[cell]!;
    return known >= KNOWN && before > 0 && after > 0 ? Math.log(after / before) : 0;
  }

  save(row: number): Float64Array {
    return Float64Array.from([
      ...this.#values.slice(row * BINS, (row + 1) * BINS),
      ...this.#known.slice(row * BINS, (row + 1) * BINS),
    ]);
  }

  load(row: number, saved: Float64Array): void {
    this.#values.set(saved.subarray(0, BINS), row * BINS);
    this.#known.set(saved.subarray(BINS, 2 * BINS), row * BINS);
  }

  get bytesPerRow(): number {
    return BINS * 6;
  }

  #value(row: number, bin: number): number {
    const cell = row * BINS + bin;
    if (this.#known[cell]! >= KNOWN) return this.#values[cell]!;
    const other = row * BINS + ((bin + HOURS) % BINS);
    return this.#known[other]! >= KNOWN ? this.#values[other]! : Number.NaN;
  }

  #lookUp(at: number): void {
    if (at === this.#at) return;
    const hour = (at + this.#offset(at)) / HOUR_MS;
    const first = Math.floor(hour - 0.5);
    this.#at = at;
    this.#part = hour - 0.5 - first;
    this.#first = binOfHour(first);
    this.#second = binOfHour(first + 1);
    this.#bin = binOfHour(Math.floor(hour));
  }
}

/** The bin of an hour counted from 1970-01-01, which was a Thursday. */
function binOfHour(hour: number): number {
  const day = (Math.floor(hour / HOURS) + 4) % 7;
  return (day === 0 || day === 6 ? HOURS : 0) + (hour % HOURS);
}
