const HOURS = 24;
const HOUR_MS = 3_600_000;
/** How far one day moves what is known of an hour. */
const GAIN_PER_DAY = 0.3;
/** Below this an hour's busiest minutes are its noise. */
const LEAST = Math.log(1.5);
/** However busy an hour's minutes were, no more than this is expected of them. */
const MOST = Math.log(4);
/** An hour that was seen holds at least this, so that 0 is one that was not. */
const SEEN = 0.01;
/** Logarithms are kept as whole multiples of this, in two bytes. */
const STEP = 1 / 32_768;

/**
 * The rush of each hour of the day: how many times the expected rate its busiest five minutes usually are. A job that runs every
 * night at ten past three is no flood, and an hourly profile cannot hold it. 24 logarithms a subject.
 */
export class RushRows {
  #usual: Uint16Array = new Uint16Array(HOURS * 8);
  readonly #offset: (at: number) => number;
  /** The instant looked up last, as all rows of a scrape share theirs, and its hour. */
  #at = Number.NaN;
  #hour = 0;

  /** @param offset milliseconds that local time is ahead of UTC at an instant */
  constructor(offset: (at: number) => number = () => 0) {
    this.#offset = offset;
  }

  /** Makes a row empty, growing the memory if need be. */
  reset(row: number): void {
    if ((row + 1) * HOURS > this.#usual.length) {
      const usual = this.#usual;
      this.#usual = new Uint16Array((row + 1) * HOURS * 2);
      this.#usual.set(usual);
    }
    this.#usual.fill(0, row * HOURS, (row + 1) * HOURS);
  }

  /** How many times the expected rate is usual for five minutes of that hour; 1 where nothing stands out. */
  at(row: number, at: number): number {
    const usual = this.#usual[row * HOURS + (this.hour(at) % HOURS)]! * STEP;
    return usual > LEAST ? Math.exp(usual) : 1;
  }

  /** @param busiest logarithm of how many times the expected rate the hour's busiest five minutes were */
  learn(row: number, hour: number, busiest: number): void {
    const cell = row * HOURS + (hour % HOURS);
    const seen = Math.max(SEEN, Math.min(MOST, busiest));
    const usual = this.#usual[cell]! * STEP;
    this.#usual[cell] = Math.round((usual === 0 ? seen : usual + GAIN_PER_DAY * (seen - usual)) / STEP);
  }

  /** The local hour of an instant, counted from 1970-01-01. */
  hour(at: number): number {
    if (at !== this.#at) {
      this.#hour = Math.floor((at + this.#offset(at)) / HOUR_MS);
      this.#at = at;
    }
    return this.#hour;
  }

  /** Numbers a saved row holds. */
  readonly bins = HOURS;

  save(row: number): Uint16Array {
    return this.#usual.slice(row * HOURS, (row + 1) * HOURS);
  }

  load(row: number, saved: Float64Array): void {
    this.#usual.set(saved, row * HOURS);
  }

  get bytesPerRow(): number {
    return HOURS * 2;
  }
}
