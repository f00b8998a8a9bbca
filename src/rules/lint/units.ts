import type { MetricUnit } from "../../models/catalogue.ts";
import { type Expr, typeOf } from "../../promql/ast.ts";
import { metricNameOf } from "../../series/matchers.ts";
import type { KnownSeries } from "./known-series.ts";

/** Functions whose result is in the unit of their argument; of a rate the unit is one a second. */
const KEEP_UNIT = new Set([
  ...["rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear"],
  ...["abs", "ceil", "floor", "round", "clamp", "clamp_min", "clamp_max", "sort", "sort_desc", "scalar"],
  ...["avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "last_over_time", "quantile_over_time"],
]);
/** Of which a share stays between 0 and 1. */
const KEEP_RATIO = new Set([
  ...["abs", "avg_over_time", "min_over_time", "max_over_time", "last_over_time", "quantile_over_time"],
  ...["sort", "sort_desc", "scalar"],
]);

/** The unit of what an expression gives; undefined where it has none, or was converted by somebody who knew. */
export function unitOf(expr: Expr, series: KnownSeries): MetricUnit | undefined {
  switch (expr.kind) {
    case "selector":
    case "range":
      return series.facts(metricNameOf(expr.matchers))?.unit;
    case "negation":
    case "subquery":
      return unitOf(expr.operand, series);
    case "call":
      return ofCall(expr, series);
    case "aggregation": {
      const unit = ["count", "group", "count_values"].includes(expr.op) ? undefined : unitOf(expr.operand, series);
      return unit === "ratio" && !["avg", "min", "max", "quantile", "topk", "bottomk"].includes(expr.op)
        ? undefined
        : unit;
    }
    case "arithmetic":
      return ofArithmetic(expr, series);
    case "comparison":
      return expr.bool ? undefined : unitOf(expr.left, series);
    case "set": {
      const [left, right] = [unitOf(expr.left, series), unitOf(expr.right, series)];
      return expr.op === "or" && left !== right ? undefined : left;
    }
    default:
      return undefined;
  }
}

function ofCall({ fn, args }: Expr & { readonly kind: "call" }, series: KnownSeries): MetricUnit | undefined {
  const inner = args.find((arg) => ["vector", "range"].includes(typeOf(arg)));
  const unit = inner && KEEP_UNIT.has(fn.name) ? unitOf(inner, series) : undefined;
  return unit === "ratio" && !KEEP_RATIO.has(fn.name) ? undefined : unit;
}

/** A mean keeps the unit of its sum; a number is a conversion, and two units make a third. */
function ofArithmetic(
  { op, left, right }: Expr & { readonly kind: "arithmetic" },
  series: KnownSeries,
): MetricUnit | undefined {
  const [a, b] = [unitOf(left, series), unitOf(right, series)];
  if (a === "ratio" || b === "ratio") return undefined;
  if (op === "+" || op === "-") return a === b ? a : undefined;
  return op === "/" && b === undefined && typeOf(right) !== "scalar" ? a : undefined;
}
