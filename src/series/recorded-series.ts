import type { Labels } from "./labels.ts";
import type { Point, PointBuffer, SeriesView } from "./source.ts";
import type { DurationMs, EpochMs } from "./time.ts";

const FIRST_POINTS = 4;
/** Memory of a series without its points and of each of its labels, beside their text. */
const SERIES_BYTES = 600;
const LABEL_BYTES = 100;

/**
 * A series we write ourselves (`ALERTS`, detector values, recording rules), each with times of its own. A ring whose size is
 * a power of two; the instants from which it had no value stand in it as marks, so that the past stays as it was.
 */
export class RecordedSeries implements SeriesView {
  readonly labels: Labels;
  #times = new Float64Array(FIRST_POINTS);
  #values = new Float64Array(FIRST_POINTS);
  /** 1 where a point is no sample but the beginning of staleness. */
  #stale = new Uint8Array(FIRST_POINTS);
  /** Points ever written; the ring holds the newest of them. */
  #count = 0;
  readonly #fixedBytes: number;

  constructor(labels: Labels) {
    this.labels = labels;
    let bytes = SERIES_BYTES;
    for (const [name, value] of labels.pairs) bytes += LABEL_BYTES + 2 * (name.length + value.length);
    this.#fixedBytes = bytes;
  }

  /** Adds a sample; one at the newest's time replaces it, an older one is left out. Keeps what lies within `reach`. */
  push(at: EpochMs, value: number, reach: DurationMs): void {
    this.#add(at, value, 0, reach);
  }

  /** From this instant on the series has no value, until the next sample. */
  stale(at: EpochMs, reach: DurationMs): void {
    if (this.#count > 0 && this.#stale[(this.#count - 1) % this.#times.length] === 0) {
      this.#add(at, Number.NaN, 1, reach);
    }
  }

  /** When it was last written. */
  get lastAt(): number {
    return this.#count === 0 ? Number.NEGATIVE_INFINITY : this.#times[(this.#count - 1) % this.#times.length]!;
  }

  /** Whether it had no value any more when it was last written. */
  get ended(): boolean {
    return this.#count > 0 && this.#stale[(this.#count - 1) % this.#times.length] === 1;
  }

  latest(at: EpochMs, lookback: DurationMs, out: Point): boolean {
    const size = this.#times.length;
    for (let i = this.#count - 1; i >= Math.max(0, this.#count - size); i--) {
      const time = this.#times[i % size]!;
      if (time > at) continue;
      if (time <= at - lookback || this.#stale[i % size] === 1) return false;
      out.time = time;
      out.value = this.#values[i % size]!;
      return true;
    }
    return false;
  }

  range(from: EpochMs, to: EpochMs, out: PointBuffer): void {
    const size = this.#times.length;
    for (let i = Math.max(0, this.#count - size); i < this.#count; i++) {
      const time = this.#times[i % size]!;
      if (time > from && time <= to && this.#stale[i % size] === 0) out.push(time, this.#values[i % size]!);
    }
  }

  get bytes(): number {
    return this.#fixedBytes + this.#times.length * 17;
  }

  #add(at: EpochMs, value: number, stale: 0 | 1, reach: DurationMs): void {
    if (at < this.lastAt) return;
    const size = this.#times.length;
    if (at === this.lastAt) this.#count--;
    else if (this.#count >= size && at - this.#times[this.#count % size]! < reach) this.#grow();
    const slot = this.#count++ % this.#times.length;
    this.#times[slot] = at;
    this.#values[slot] = value;
    this.#stale[slot] = stale;
  }

  #grow(): void {
    const size = this.#times.length;
    const first = this.#count - size;
    const old = { times: this.#times, values: this.#values, stale: this.#stale };
    this.#times = new Float64Array(size * 2);
    this.#values = new Float64Array(size * 2);
    this.#stale = new Uint8Array(size * 2);
    for (let i = 0; i < size; i++) {
      const from = (first + i) % size;
      this.#times[i] = old.times[from]!;
      this.#values[i] = old.values[from]!;
      this.#stale[i] = old.stale[from]!;
    }
    this.#count = size;
  }
}
