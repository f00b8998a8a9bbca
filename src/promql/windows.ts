import type { Labels } from "../series/labels.ts";
import { PointBuffer } from "../series/source.ts";
import { type EpochMs, epochMs } from "../series/time.ts";
import type { Budget } from "./budget.ts";
import type { Samples } from "./functions/function.ts";

/** A series that can be read in part: of a source, or made by a subquery. */
export interface Readable {
  readonly labels: Labels;
  range(from: EpochMs, to: EpochMs, out: PointBuffer): void;
}

/** What is done with the samples of one series in a window; they are the visitor's only until it returns. */
type Visit = (labels: Labels, samples: Samples) => void;

/** Windows smaller than this are not worth moving to the front of their buffer. */
const LEAST_DROP = 256;

/**
 * The windows of a range vector over several series. Over several steps each series keeps its buffer, so that every sample
 * is read once however far windows overlap; for a single step all share one.
 */
export class Windows {
  readonly #series: readonly Readable[];
  /** One a series, or one for all. */
  readonly #buffers: readonly PointBuffer[];
  readonly #shared: boolean;
  /** Where the window of each series begins in its buffer. */
  readonly #starts: Int32Array;
  readonly #budget: Budget;
  #reached = Number.NEGATIVE_INFINITY;
  // One object for all visits: nobody keeps it.
  readonly #samples = { times: new Float64Array(0), values: new Float64Array(0), first: 0, end: 0 };

  /** @param several whether windows are visited more than once */
  constructor(series: readonly Readable[], several: boolean, budget: Budget) {
    this.#series = series;
    this.#shared = !several;
    this.#buffers = several ? series.map(() => new PointBuffer()) : [new PointBuffer()];
    this.#starts = new Int32Array(several ? series.length : 0);
    this.#budget = budget;
  }

  /** Visits the samples in (from, to] of each series that has any. From one visit to the next, windows only move onward. */
  each(from: EpochMs, to: EpochMs, visit: Visit): void {
    if (this.#shared) this.#once(from, to, visit);
    else this.#again(from, to, visit);
  }

  #once(from: EpochMs, to: EpochMs, visit: Visit): void {
    const buffer = this.#buffers[0]!;
    for (const series of this.#series) {
      buffer.clear();
      series.range(from, to, buffer);
      this.#budget.spend(buffer.length + 1);
      if (buffer.length > 0) visit(series.labels, this.#show(buffer, 0));
    }
  }

  #again(from: EpochMs, to: EpochMs, visit: Visit): void {
    const unread = epochMs(Math.max(from, this.#reached));
    for (let i = 0; i < this.#series.length; i++) {
      const series = this.#series[i]!;
      const buffer = this.#buffers[i]!;
      const first = this.#leave(i, from);
      const before = buffer.length;
      series.range(unread, to, buffer);
      this.#budget.spend(buffer.length - before + 1);
      if (first < buffer.length) visit(series.labels, this.#show(buffer, first));
    }
    this.#reached = to;
  }

  #show({ times, values, length }: PointBuffer, first: number): Samples {
    this.#samples.times = times;
    this.#samples.values = values;
    this.#samples.first = first;
    this.#samples.end = length;
    return this.#samples;
  }

  /** Moves the beginning of a window onward past `from`. @returns where it is in the buffer */
  #leave(i: number, from: number): number {
    const buffer = this.#buffers[i]!;
    let first = this.#starts[i]!;
    while (first < buffer.length && buffer.times[first]! <= from) first++;
    if (first === buffer.length) {
      buffer.clear();
      first = 0;
    } else if (first > LEAST_DROP && first * 2 > buffer.length) {
      buffer.drop(first);
      first = 0;
    }
    this.#starts[i] = first;
    return first;
  }
}
