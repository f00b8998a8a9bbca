import type { Labels } from "./labels.ts";
import { type Matcher, matchesAll } from "./matchers.ts";
import type { Point, PointBuffer, SeriesView } from "./source.ts";
import { type DurationMs, durationMs, type EpochMs } from "./time.ts";

const FIRST_POINTS = 4;

/** A series we write ourselves (`ALERTS`, detector values, recording rules), each with times of its own. */
export class RecordedSeries implements SeriesView {
  readonly labels: Labels;
  #times = new Float64Array(FIRST_POINTS);
  #values = new Float64Array(FIRST_POINTS);
  /** Points ever written; the ring holds the newest of them. */
  #count = 0;
  #staleAt = Number.POSITIVE_INFINITY;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  /** Adds a sample; one at the newest sample's time or before replaces it. Keeps what lies within `reach`. */
  push(at: EpochMs, value: number, reach: DurationMs): void {
    this.#staleAt = Number.POSITIVE_INFINITY;
    const size = this.#times.length;
    if (this.#count > 0 && at <= this.#times[(this.#count - 1) % size]!) this.#count--;
    else if (this.#count >= size && at - this.#times[this.#count % size]! < reach) this.#grow();
    const slot = this.#count++ % this.#times.length;
    this.#times[slot] = at;
    this.#values[slot] = value;
  }

  /** From this instant on the series has no value, until the next sample. */
  stale(at: EpochMs): void {
    if (at < this.#staleAt) this.#staleAt = at;
  }

  /** When it was last written. */
  get lastAt(): number {
    return this.#count === 0 ? Number.NEGATIVE_INFINITY : this.#times[(this.#count - 1) % this.#times.length]!;
  }

  latest(at: EpochMs, lookback: DurationMs, out: Point): boolean {
    if (at >= this.#staleAt) return false;
    const size = this.#times.length;
    for (let i = this.#count - 1; i >= Math.max(0, this.#count - size); i--) {
      const time = this.#times[i % size]!;
      if (time > at) continue;
      if (time <= at - lookback) return false;
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
      if (time > from && time <= to) out.push(time, this.#values[i % size]!);
    }
  }

  get bytes(): number {
    return this.#times.length * 16;
  }

  #grow(): void {
    const size = this.#times.length;
    const times = new Float64Array(size * 2);
    const values = new Float64Array(size * 2);
    const first = this.#count - size;
    for (let i = 0; i < size; i++) {
      times[i] = this.#times[(first + i) % size]!;
      values[i] = this.#values[(first + i) % size]!;
    }
    this.#times = times;
    this.#values = values;
    this.#count = size;
  }
}

/** The series we write ourselves, bounded in number: what does not fit is refused and counted. */
export class Recorder {
  readonly #series = new Map<string, RecordedSeries>();
  readonly #limit: number;
  #reach = durationMs(0);
  /** Changes whenever a series comes or goes. */
  shape = 0;
  refused = 0;

  constructor(limit = 200_000) {
    this.#limit = limit;
  }

  /** How far back rules read these series. */
  set reach(reach: DurationMs) {
    this.#reach = reach;
  }

  /** The series with these labels, made on first sight; undefined when there are too many. */
  series(labels: Labels): RecordedSeries | undefined {
    const known = this.#series.get(labels.key);
    if (known) return known;
    if (this.#series.size >= this.#limit) {
      this.refused++;
      return undefined;
    }
    const made = new RecordedSeries(labels);
    this.#series.set(labels.key, made);
    this.shape++;
    return made;
  }

  record(labels: Labels, at: EpochMs, value: number): void {
    this.series(labels)?.push(at, value, this.#reach);
  }

  stale(labels: Labels, at: EpochMs): void {
    this.#series.get(labels.key)?.stale(at);
  }

  /** Forgets series last written before an instant and before anything rules read. */
  prune(before: EpochMs): void {
    for (const [key, series] of this.#series) {
      if (series.lastAt >= before - this.#reach) continue;
      this.#series.delete(key);
      this.shape++;
    }
  }

  views(matchers: readonly Matcher[]): SeriesView[] {
    return [...this.#series.values()].filter((series) => matchesAll(matchers, series.labels));
  }

  get size(): number {
    return this.#series.size;
  }
}
