import { Labels, METRIC_NAME } from "../series/labels.ts";
import type { Matcher } from "../series/matchers.ts";
import type { Call, Expr, RangeSelector } from "./ast.ts";
import type { PointwiseFunction, WholeFunction } from "./functions/function.ts";
import type { Scope } from "./scope.ts";
import { reduceRange, selectInstant } from "./select.ts";
import { dropNames, truncate, type Vector } from "./vector.ts";

/** The value of a call that returns a vector. */
export function callVector(call: Call, scope: Scope): Vector {
  const { fn, args } = call;
  switch (fn.kind) {
    case "pointwise":
      return mapped(call, fn, scope);
    case "windowed": {
      const result = reduceRange(args[0] as RangeSelector, scope, fn.reduce);
      return fn.keepsName ? result : dropNames(result, call);
    }
    case "whole":
      return whole(call, fn, scope);
  }
}

/** The value of a call that returns a scalar: `time()` in seconds, or `scalar()`, NaN unless the vector has one element. */
export function callScalar({ fn, args }: Call, scope: Scope): number {
  if (fn.kind === "whole" && fn.whole === "time") return scope.at / 1000;
  const { values } = scope.vector(args[0]!);
  return values.length === 1 ? values[0]! : Number.NaN;
}

function mapped(call: Call, fn: PointwiseFunction, scope: Scope): Vector {
  const vector = scope.vector(call.args[0]!);
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

function whole(call: Call, fn: WholeFunction, scope: Scope): Vector {
  const arg = call.args[0]!;
  switch (fn.whole) {
    case "absent":
      return absence(arg, scope.vector(arg));
    case "absent_over_time":
      return absence(
        arg,
        reduceRange(arg as RangeSelector, scope, () => 1),
      );
    case "vector":
      return { labels: [Labels.EMPTY], values: [scope.scalar(arg)] };
    case "timestamp":
      return dropNames(timestamps(arg, scope), call);
    case "time":
    case "scalar":
      throw new Error(`${fn.name}() is not a vector`);
  }
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
