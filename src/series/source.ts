import type { Labels } from "./labels.ts";
import type { Matcher } from "./matchers.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** One sample, written in place so that reading one allocates nothing. */
export interface Point {
  time: number;
  value: number;
}

/** Samples of one series in time order; grows on demand and is reused from read to read. */
export class PointBuffer {
  times = new Float64Array(64);
  values = new Float64Array(64);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  push(time: number, value: number): void {
    if (this.length === this.times.length) this.#grow();
    this.times[this.length] = time;
    this.values[this.length++] = value;
  }

  /** Forgets the oldest samples. */
  drop(count: number): void {
    this.times.copyWithin(0, count, this.length);
    this.values.copyWithin(0, count, this.length);
    this.length -= count;
  }

  #grow(): void {
    const times = new Float64Array(this.times.length * 2);
    const values = new Float64Array(this.times.length * 2);
    times.set(this.times);
    values.set(this.values);
    this.times = times;
    this.values = values;
  }
}

/** A series as a reader sees it. NaN is a value like any other; a gap is no point at all. */
export interface SeriesView {
  readonly labels: Labels;
  /**
   * The newest sample in (at − lookback, at], written into `out`. False where there is none, or where the series is stale:
   * its source was read again since (or could not be read) and it was not there.
   */
  latest(at: EpochMs, lookback: DurationMs, out: Point): boolean;
  /** Appends the samples with from < time ≤ to. */
  range(from: EpochMs, to: EpochMs, out: PointBuffer): void;
}

/** What PromQL reads from: the port between the evaluator and whoever stores samples. */
export interface SeriesSource {
  /** Every series whose labels satisfy all matchers, in a stable order. */
  select(matchers: readonly Matcher[]): readonly SeriesView[];
}
