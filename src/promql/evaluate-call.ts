import { Labels, METRIC_NAME } from "../series/labels.ts";
import type { Matcher } from "../series/matchers.ts";
import type { Call, Expr } from "./ast.ts";
import type { PointwiseFunction, WholeFunction, WindowedFunction } from "./functions/function.ts";
import { histogramFraction, histogramQuantile } from "./histogram.ts";
import { sortByValue } from "./order.ts";
import type { RangeVector, Scope } from "./scope.ts";
import { noteOddities, reduceRange, selectInstant } from "./select.ts";
import { dropNames, rejectDuplicates, truncate, type Vector } from "./vector.ts";

/** The value of a call that returns a vector. */
export function callVector(call: Call, scope: Scope): Vector {
  const { fn } = call;
  switch (fn.kind) {
    case "pointwise":
      return mapped(call, fn, scope);
    case "windowed":
      return reduced(call, fn, scope);
    case "whole":
      return whole(call, fn, scope);
  }
}

/** The value of a call that returns a scalar: `time()` in seconds, or `scalar()`, NaN unless the vector has one element. */
export function callScalar({ fn, args }: Call, scope: Scope): number {
  if (fn.kind === "whole" && fn.whole === "time") return scope.at / 1000;
  if (fn.kind === "whole" && fn.whole === "pi") return Math.PI;
  const { values } = scope.vector(args[0]!);
  return values.length === 1 ? values[0]! : Number.NaN;
}

function mapped(call: Call, fn: PointwiseFunction, scope: Scope): Vector {
  const [arg] = call.args;
  const vector = arg ? scope.vector(arg) : { labels: [Labels.EMPTY], values: [scope.at / 1000] };
  const a = scalarArgument(call, fn, 0, scope);
  const b = scalarArgument(call, fn, 1, scope);
  if (fn.none?.(a, b)) {
    truncate(vector, 0);
    return vector;
  }
  const { values } = vector;
  for (let i = 0; i < values.length; i++) values[i] = fn.apply(values[i]!, a, b);
  return dropNames(vector, call);
}

function scalarArgument(call: Call, fn: PointwiseFunction, i: number, scope: Scope): number {
  const arg = call.args[i + 1];
  return arg ? scope.scalar(arg) : (fn.defaults[i] ?? Number.NaN);
}

function reduced({ args, ...call }: Call, fn: WindowedFunction, scope: Scope): Vector {
  const at = fn.params.indexOf("range");
  const other = args[1 - at];
  const parameter = other ? scope.scalar(other) : Number.NaN;
  const result = reduceRange(args[at] as RangeVector, scope, fn.reduce, parameter);
  noteOddities(fn, result, parameter, scope, args[0]!);
  return fn.keepsName ? result : dropNames(result, call);
}

function whole(call: Call, fn: WholeFunction, scope: Scope): Vector {
  const { args } = call;
  const [first, second, third] = args as readonly [Expr, Expr, Expr];
  switch (fn.whole) {
    case "absent":
      return absence(first, scope.vector(first));
    case "absent_over_time":
      return absence(
        first,
        reduceRange(first as RangeVector, scope, () => 1),
      );
    case "histogram_quantile":
      return dropNames(histogramQuantile(scope.scalar(first), scope.vector(second), args, scope), call);
    case "histogram_fraction": {
      const bounds = { lower: scope.scalar(first), upper: scope.scalar(second) };
      return dropNames(histogramFraction(bounds, scope.vector(third), third, scope), call);
    }
    case "relabel":
      return relabelled(call, scope);
    case "sort":
    case "sort_desc":
      return sortByValue(scope.vector(first), fn.whole === "sort" ? 1 : -1);
    case "timestamp":
      return dropNames(timestamps(first, scope), call);
    case "vector":
      return { labels: [Labels.EMPTY], values: [scope.scalar(first)] };
    case "pi":
    case "time":
    case "scalar":
      throw new Error(`${fn.name}() is not a vector`);
  }
}

function relabelled(call: Call, scope: Scope): Vector {
  const vector = scope.vector(call.args[0]!);
  const { labels } = vector;
  for (let i = 0; i < labels.length; i++) labels[i] = call.relabel!(labels[i]!);
  rejectDuplicates(vector, call);
  return vector;
}

/** When each element was measured (seconds): a selector's samples have a time, all else is of the evaluation's. */
function timestamps(arg: Expr, scope: Scope): Vector {
  if (arg.kind === "selector") return selectInstant(arg, scope, "time");
  const vector = scope.vector(arg);
  vector.values.fill(scope.at / 1000);
  return vector;
}

/** One element if there is none, with the labels its selector pins down. */
function absence(arg: Expr, found: Vector): Vector {
  if (found.labels.length > 0) return { labels: [], values: [] };
  const pinned = arg.kind === "selector" || arg.kind === "range" ? pinnedLabels(arg.matchers) : Labels.EMPTY;
  return { labels: [pinned], values: [1] };
}

/** Labels with exactly one matcher, an equality; a label matched otherwise or again is left out, as in Prometheus. */
function pinnedLabels(matchers: readonly Matcher[]): Labels {
  const pinned = new Map<string, string>();
  const seen = new Set<string>();
  for (const { name, op, value } of matchers) {
    if (name === METRIC_NAME) continue;
    if (op === "=" && !seen.has(name)) {
      pinned.set(name, value);
      seen.add(name);
    } else pinned.delete(name);
  }
  return Labels.from(pinned);
}
