import { epochMs } from "../series/time.ts";
import type { VectorSelector } from "./ast.ts";
import type { Span } from "./error.ts";
import type { Reducer, WindowedFunction } from "./functions/function.ts";
import { isQuantile } from "./quantile.ts";
import type { RangeVector, Scope } from "./scope.ts";
import { emptyVector, push, type Vector } from "./vector.ts";

/** What to take of a sample: what it says, or when it was taken (seconds since the epoch). */
type Aspect = "value" | "time";

/** The newest sample of each series a selector matches. */
export function selectInstant(selector: VectorSelector, scope: Scope, aspect: Aspect = "value"): Vector {
  const result = emptyVector();
  const at = scope.timeOf(selector);
  const { point } = scope;
  const series = scope.series(selector);
  scope.budget.spend(series.length);
  for (const one of series) {
    if (!one.latest(at, scope.lookback, point)) continue;
    push(result, one.labels, aspect === "value" ? point.value : point.time / 1000);
  }
  return result;
}

/** Reduces the samples of each series of a range vector; series without samples in the window give nothing. */
export function reduceRange(range: RangeVector, scope: Scope, reduce: Reducer, parameter = Number.NaN): Vector {
  const result = emptyVector();
  const to = scope.timeOf(range);
  const window = { from: epochMs(to - range.range), to, at: scope.at };
  scope.windows(range).each(window.from, to, (labels, samples) => {
    const value = reduce(samples, window, parameter);
    if (value !== undefined) push(result, labels, value);
  });
  return result;
}

const COUNTER_NAME = /_(?:total|sum|count|bucket)$/;

/** Says of a function over a range vector what its result should be read with. */
export function noteOddities(fn: WindowedFunction, found: Vector, parameter: number, scope: Scope, at: Span): void {
  if (found.labels.length === 0) return;
  if (fn.name === "quantile_over_time" && !isQuantile(parameter)) noteQuantile(parameter, scope, at);
  if (!fn.counters) return;
  let last = "";
  for (const { metric } of found.labels) {
    if (metric === last) continue;
    last = metric;
    if (COUNTER_NAME.test(metric)) continue;
    const message = `${metric} may not be a counter: its name does not end in _total, _sum, _count or _bucket`;
    scope.notes.add("info", message, at);
  }
}

/** Says that there is no such quantile. */
export function noteQuantile(quantile: number, scope: Scope, at: Span): void {
  scope.notes.add("warning", `A quantile is expected to be from 0 to 1, found ${quantile}`, at);
}
