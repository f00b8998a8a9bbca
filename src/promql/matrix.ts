import { compareUtf8, type Labels } from "../series/labels.ts";
import { PointBuffer } from "../series/source.ts";
import type { EpochMs } from "../series/time.ts";
import type { Span } from "./error.ts";
import type { Vector } from "./vector.ts";
import { duplicate } from "./vector.ts";
import type { Readable } from "./windows.ts";

/** A series of a result: two columns, of which the first `points.length` entries count. */
export class Row implements Readable {
  readonly labels: Labels;
  readonly points = new PointBuffer();

  constructor(labels: Labels) {
    this.labels = labels;
  }

  range(from: EpochMs, to: EpochMs, out: PointBuffer): void {
    const { times, values, length } = this.points;
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! <= from) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < length && times[i]! <= to; i++) out.push(times[i]!, values[i]!);
  }
}

/** Gathers the vectors of several steps by series, in the order in which these first appear. */
export class Matrix {
  readonly rows: Row[] = [];
  readonly #byLabels = new Map<Labels, Row>();
  readonly #byKey = new Map<string, Row>();
  readonly #at: Span;

  /** @param at the expression whose vectors these are */
  constructor(at: Span) {
    this.#at = at;
  }

  /** @throws PromqlError where two elements have the same labels */
  add({ labels, values }: Vector, time: EpochMs): void {
    for (let i = 0; i < labels.length; i++) this.#row(labels[i]!, time).points.push(time, values[i]!);
  }

  /** The rows in the order of their labels. */
  sorted(): readonly Row[] {
    return [...this.rows].sort((a, b) => compareLabels(a.labels, b.labels));
  }

  #row(labels: Labels, time: EpochMs): Row {
    let row = this.#byLabels.get(labels);
    if (!row) {
      row = this.#byKey.get(labels.key);
      if (!row) {
        row = new Row(labels);
        this.#byKey.set(labels.key, row);
        this.rows.push(row);
      }
      this.#byLabels.set(labels, row);
    }
    const { times, length } = row.points;
    if (length > 0 && times[length - 1] === time) throw duplicate(labels, this.#at);
    return row;
  }
}

/** The order of label sets in Prometheus: by their first differing name, then value; a set before those that begin like it. */
export function compareLabels(a: Labels, b: Labels): number {
  const n = Math.min(a.pairs.length, b.pairs.length);
  for (let i = 0; i < n; i++) {
    const [nameA, valueA] = a.pairs[i]!;
    const [nameB, valueB] = b.pairs[i]!;
    const order = compareUtf8(nameA, nameB) || compareUtf8(valueA, valueB);
    if (order !== 0) return order;
  }
  return a.pairs.length - b.pairs.length;
}
