import { evaluate } from "../../src/promql/evaluate.ts";
import { parseExpr, parseQuery } from "../../src/promql/parse.ts";
import { Labels } from "../../src/series/labels.ts";
import { type Matcher, matchesAll } from "../../src/series/matchers.ts";
import type { Point, PointBuffer, SeriesSource, SeriesView } from "../../src/series/source.ts";
import { type DurationMs, type EpochMs, epochMs } from "../../src/series/time.ts";

/** Marks a sample at which a series went stale. */
export const STALE = Symbol("stale");

type Sample = readonly [time: number, value: number | typeof STALE];

/** A series held in an array: the plainest implementation of the port there can be. */
export class MemorySeries implements SeriesView {
  readonly labels: Labels;
  readonly samples: Sample[] = [];

  constructor(labels: Labels) {
    this.labels = labels;
  }

  latest(at: EpochMs, lookback: DurationMs, out: Point): boolean {
    const found = this.samples[this.#after(at) - 1];
    if (!found || found[0] <= at - lookback || found[1] === STALE) return false;
    out.time = found[0];
    out.value = found[1] as number;
    return true;
  }

  range(from: EpochMs, to: EpochMs, out: PointBuffer): void {
    const end = this.#after(to);
    for (let i = this.#after(from); i < end; i++) {
      const [time, value] = this.samples[i]!;
      if (value !== STALE) out.push(time, value as number);
    }
  }

  /** How many samples there are up to a time. */
  #after(time: number): number {
    let low = 0;
    let high = this.samples.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.samples[middle]![0] <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A source over series in memory, in the order in which they were added. */
export class MemorySource implements SeriesSource {
  readonly series = new Map<string, MemorySeries>();

  select(matchers: readonly Matcher[]): readonly MemorySeries[] {
    return [...this.series.values()].filter((series) => matchesAll(matchers, series.labels));
  }

  at(labels: Labels): MemorySeries {
    let series = this.series.get(labels.key);
    if (!series) {
      series = new MemorySeries(labels);
      this.series.set(labels.key, series);
    }
    return series;
  }

  /** Adds a series written as `name{label="value"}` and its values, one every `step` ms from 0 on. */
  load(step: number, metric: string, values: string): this {
    const series = this.at(labelsOf(metric));
    valuesOf(values).forEach((value, i) => {
      if (value !== undefined) series.samples.push([i * step, value]);
    });
    return this;
  }
}

/** The labels of a series written as a selector. */
function labelsOf(metric: string): Labels {
  if (/^\{\s*\}$/.test(metric)) return Labels.EMPTY;
  const expr = parseExpr(metric);
  if (expr.kind !== "selector") throw new Error(`no series: ${metric}`);
  return Labels.from(expr.matchers.map(({ name, value }) => [name, value]));
}

/** Prometheus' series notation: numbers, `_`, `stale`, and `a+bxn`. */
function valuesOf(text: string): (number | typeof STALE | undefined)[] {
  return text.trim().split(/\s+/).filter(Boolean).flatMap(item);
}

function item(text: string): (number | typeof STALE | undefined)[] {
  const gap = /^_(?:x(\d+))?$/.exec(text);
  if (gap) return Array(Number(gap[1] ?? 1)).fill(undefined);
  if (text === "stale") return [STALE];
  const run =
    /^([+-]?(?:[\d.]+(?:[eE][+-]?\d+)?|inf|nan))(?:([+-](?:[\d.]+(?:[eE][+-]?\d+)?|inf|nan)))?(?:x(\d+))?$/i.exec(text);
  if (!run) throw new Error(`no value: ${text}`);
  const start = numberOf(run[1]!);
  const step = run[2] === undefined ? 0 : numberOf(run[2]);
  const values: number[] = [];
  for (let i = 0, value = start; i <= Number(run[3] ?? 0); i++, value += step) values.push(value);
  return values;
}

export const numberOf = (text: string): number =>
  Number(
    text
      .replace(/^\+/, "")
      .replace(/^(-?)inf$/i, "$1Infinity")
      .replace(/^[+-]?nan$/i, "NaN"),
  );

/** Evaluates a text over a source, `seconds` after the epoch: a scalar, or lines of labels and value. */
export function ask(source: SeriesSource, text: string, seconds: number): number | string | readonly string[] {
  const value = evaluate(parseQuery(text), source, epochMs(seconds * 1000));
  if (value.kind === "matrix") return value.series.map(({ labels, values }) => `${labels} ${values.join(" ")}`);
  if (value.kind !== "vector") return value.value;
  return value.samples.map((sample) => `${sample.labels} ${sample.value}`);
}
