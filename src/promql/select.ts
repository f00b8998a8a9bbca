import { epochMs } from "../series/time.ts";
import type { RangeSelector, VectorSelector } from "./ast.ts";
import type { Reducer, Window } from "./functions/function.ts";
import type { Scope } from "./scope.ts";
import { emptyVector, push, type Vector } from "./vector.ts";

/** What to take of a sample: what it says, or when it was taken (seconds since the epoch). */
type Aspect = "value" | "time";

/** The newest sample of each series a selector matches. */
export function selectInstant(selector: VectorSelector, scope: Scope, aspect: Aspect = "value"): Vector {
  const result = emptyVector();
  const at = epochMs(scope.at - selector.offset);
  const { point } = scope;
  for (const series of scope.source.select(selector.matchers)) {
    if (!series.latest(at, scope.lookback, point)) continue;
    push(result, series.labels, aspect === "value" ? point.value : point.time / 1000);
  }
  return result;
}

/** Reduces the samples of each series a range selector matches; series without samples in the window give nothing. */
export function reduceRange(selector: RangeSelector, scope: Scope, reduce: Reducer): Vector {
  const result = emptyVector();
  const to = epochMs(scope.at - selector.offset);
  const window: Window = { from: to - selector.range, to };
  const { points } = scope;
  for (const series of scope.source.select(selector.matchers)) {
    points.clear();
    series.range(epochMs(window.from), to, points);
    if (points.length === 0) continue;
    const value = reduce(points, window);
    if (value !== undefined) push(result, series.labels, value);
  }
  return result;
}
