import type { Labels } from "../series/labels.ts";
import type { Expr } from "./ast.ts";
import type { Span } from "./error.ts";
import { dropping } from "./label-map.ts";
import { isQuantile } from "./quantile.ts";
import type { Scope } from "./scope.ts";
import { noteQuantile } from "./select.ts";
import { emptyVector, push, type Vector } from "./vector.ts";

/** The cumulative buckets of one classic histogram: upper bounds, and how many observations lie below. */
interface Buckets {
  readonly labels: Labels;
  bounds: number[];
  counts: number[];
}

/** The relative difference of two bucket counts that is taken for a rounding error. */
const TOLERANCE = 1e-12;
const LEAST_NORMAL = 2 ** -1022;

/** The quantile of each histogram in a vector of buckets, interpolated within its bucket. */
export function histogramQuantile(q: number, vector: Vector, [arg, at]: readonly Expr[], scope: Scope): Vector {
  if (!isQuantile(q)) noteQuantile(q, scope, arg!);
  const result = emptyVector();
  for (const buckets of histograms(vector, scope, at!)) {
    const value = Number.isNaN(q) || isQuantile(q) ? quantileOf(q, buckets, scope, at!) : q * Number.POSITIVE_INFINITY;
    push(result, buckets.labels, value);
  }
  return result;
}

/** The share of observations between two values, for each histogram in a vector of buckets. */
export function histogramFraction(
  { lower, upper }: { readonly lower: number; readonly upper: number },
  vector: Vector,
  at: Span,
  scope: Scope,
): Vector {
  const result = emptyVector();
  for (const buckets of histograms(vector, scope, at)) push(result, buckets.labels, fractionOf(lower, upper, buckets));
  return result;
}

const withoutBound = dropping(["le"]);

/** Gathers the buckets of each histogram; its name still tells it from others. */
function histograms({ labels, values }: Vector, scope: Scope, at: Span): Iterable<Buckets> {
  const found = new Map<string, Buckets>();
  for (let i = 0; i < labels.length; i++) {
    const own = withoutBound(labels[i]!);
    const bound = readBound(labels[i]!.get("le") ?? "");
    if (bound === undefined) {
      const written = JSON.stringify(labels[i]!.get("le") ?? "");
      const name = own.metric === "" ? "" : ` of ${own.metric}`;
      scope.notes.add("warning", `A bucket${name} is left out: its label le is ${written}, expected a number`, at);
      continue;
    }
    let buckets = found.get(own.key);
    if (!buckets) {
      buckets = { labels: own, bounds: [], counts: [] };
      found.set(own.key, buckets);
    }
    buckets.bounds.push(bound);
    buckets.counts.push(values[i]!);
  }
  return found.values();
}

/** Reads the upper bound of a bucket. */
function readBound(text: string): number | undefined {
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return undefined;
  const bound = Number(text);
  return Number.isFinite(bound) ? bound : undefined;
}

/** Sorts buckets by their bound, the counts of equal bounds added. @returns whether the highest bound is +∞ */
function arrange(buckets: Buckets): boolean {
  const all = buckets.bounds;
  const order = all.map((_, i) => i).sort((a, b) => (all[a] === all[b] ? 0 : all[a]! < all[b]! ? -1 : 1));
  const bounds: number[] = [];
  const counts: number[] = [];
  for (const i of order) {
    const count = buckets.counts[i]!;
    if (bounds.length > 0 && bounds.at(-1) === all[i]) counts[counts.length - 1]! += count;
    else {
      bounds.push(all[i]!);
      counts.push(count);
    }
  }
  buckets.bounds = bounds;
  buckets.counts = counts;
  return bounds.at(-1) === Number.POSITIVE_INFINITY;
}

/** Makes counts grow with their bounds; rounding errors are smoothed out in silence. @returns whether any had to be raised */
function makeMonotonic({ counts }: Buckets): boolean {
  let raised = false;
  let before = counts[0]!;
  for (let i = 1; i < counts.length; i++) {
    const count = counts[i]!;
    const same = almostEqual(before, count);
    if (same || count < before) {
      counts[i] = before;
      if (!same) raised = true;
    } else before = count;
  }
  return raised;
}

function almostEqual(a: number, b: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < LEAST_NORMAL) return difference < TOLERANCE * LEAST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < TOLERANCE;
}

/** Source: BucketQuantile in prometheus/prometheus, promql/quantile.go. */
function quantileOf(q: number, buckets: Buckets, scope: Scope, at: Span): number {
  if (Number.isNaN(q) || !arrange(buckets)) return Number.NaN;
  const raised = makeMonotonic(buckets);
  const { bounds, counts } = buckets;
  const last = bounds.length - 1;
  const observations = counts[last]!;
  if (last < 1 || observations === 0) return Number.NaN;
  if (raised) {
    scope.notes.add(
      "info",
      "The buckets of a histogram shrink with growing le; they were raised, which is inexact",
      at,
    );
  }
  const rank = q * observations;
  const b = firstReaching(counts, rank, last);
  if (b === last) return bounds[last - 1]!;
  if (b === 0 && bounds[0]! <= 0) return bounds[0]!;
  const start = b > 0 ? bounds[b - 1]! : 0;
  const below = b > 0 ? counts[b - 1]! : 0;
  return start + (bounds[b]! - start) * ((rank - below) / (counts[b]! - below));
}

/** The first bucket before `last` whose count reaches a rank, else `last`. */
function firstReaching(counts: readonly number[], rank: number, last: number): number {
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (counts[middle]! >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Source: BucketFraction in prometheus/prometheus, promql/quantile.go. */
function fractionOf(lower: number, upper: number, buckets: Buckets): number {
  if (!arrange(buckets)) return Number.NaN;
  makeMonotonic(buckets);
  const { bounds, counts } = buckets;
  const total = counts.at(-1)!;
  if (total === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  return (rankOf(upper, bounds, counts) - rankOf(lower, bounds, counts)) / total;
}

/** How many observations lie below a value; a lowest bucket of positive values begins at 0. */
function rankOf(value: number, bounds: readonly number[], counts: readonly number[]): number {
  let rank = 0;
  let start = bounds[0]! > 0 ? 0 : Number.NEGATIVE_INFINITY;
  for (let i = 0; i < bounds.length; i++) {
    const end = bounds[i]!;
    if (start >= value) return rank;
    // Of a bucket that has no lower bound all observations are taken to lie below.
    if (end > value) {
      if (start === Number.NEGATIVE_INFINITY) return counts[i]!;
      return Math.min(rank + ((counts[i]! - rank) * (value - start)) / (end - start), counts.at(-1)!);
    }
    rank = counts[i]!;
    start = end;
  }
  return counts.at(-1)!;
}
