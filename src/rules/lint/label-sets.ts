import { type Expr, typeOf } from "../../promql/ast.ts";
import { METRIC_NAME } from "../../series/labels.ts";
import { type Matcher, metricNameOf } from "../../series/matchers.ts";
import { type KnownSeries, LABEL_VOCABULARY, TARGET_LABELS } from "./known-series.ts";

/** Which labels the elements of a vector carry. */
export interface LabelSet {
  readonly always: ReadonlySet<string>;
  readonly maybe: ReadonlySet<string>;
  /** Targets may give them labels of their own, which are none of Triton's. */
  readonly open: boolean;
}

/** Whether elements carry a label. */
export function carries({ always, maybe, open }: LabelSet, label: string): "always" | "maybe" | "never" {
  if (always.has(label)) return "always";
  return maybe.has(label) || (open && !LABEL_VOCABULARY.has(label)) ? "maybe" : "never";
}

/** The labels of what an expression gives, the metric name aside; undefined where they cannot be told without evaluating it. */
export function labelSetOf(expr: Expr, series: KnownSeries): LabelSet | undefined {
  switch (expr.kind) {
    case "selector":
    case "range":
      return ofSelector(expr.matchers, series);
    case "negation":
    case "subquery":
      return labelSetOf(expr.operand, series);
    case "aggregation":
      return ofAggregation(expr, series);
    case "call":
      return ofCall(expr, series);
    case "arithmetic":
    case "comparison":
      return ofBinary(expr, series);
    case "set":
      return expr.op === "or" ? undefined : labelSetOf(expr.left, series);
    default:
      return undefined;
  }
}

function ofSelector(matchers: readonly Matcher[], series: KnownSeries): LabelSet | undefined {
  const facts = series.facts(metricNameOf(matchers));
  if (!facts?.closed) return undefined;
  const required = matchers.filter((m) => m.name !== METRIC_NAME && !m.matches("")).map(({ name }) => name);
  const always = new Set([...TARGET_LABELS, ...facts.labels, ...required]);
  return { always, maybe: new Set(facts.optional), open: true };
}

function ofAggregation(expr: Expr & { readonly kind: "aggregation" }, series: KnownSeries): LabelSet | undefined {
  const { op, grouping, operand } = expr;
  const inner = labelSetOf(operand, series);
  if (op === "topk" || op === "bottomk") return inner;
  if (op === "count_values") return undefined;
  if (grouping.mode === "without") return inner && without(inner, grouping.names);
  if (inner === undefined) return { always: new Set(), maybe: new Set(grouping.names), open: false };
  return only(inner, grouping.names);
}

/** Functions whose elements do not carry the labels of their argument, or not only those. */
const RELABELLING = new Set(["absent", "absent_over_time", "label_join", "label_replace", "histogram_quantile"]);

function ofCall({ fn, args }: Expr & { readonly kind: "call" }, series: KnownSeries): LabelSet | undefined {
  if (fn.name === "vector") return { always: new Set(), maybe: new Set(), open: false };
  if (RELABELLING.has(fn.name)) return undefined;
  const vectors = args.filter((arg) => ["vector", "range"].includes(typeOf(arg)));
  return vectors.length === 1 ? labelSetOf(vectors[0]!, series) : undefined;
}

function ofBinary(
  { left, right, matching }: Expr & { readonly kind: "arithmetic" | "comparison" },
  series: KnownSeries,
): LabelSet | undefined {
  if (matching === undefined) return labelSetOf(typeOf(left) === "scalar" ? right : left, series);
  if (matching.cardinality !== "one-to-one") {
    const many = labelSetOf(matching.cardinality === "many-to-one" ? left : right, series);
    return many && { ...many, maybe: new Set([...many.maybe, ...matching.include]) };
  }
  const inner = labelSetOf(left, series);
  return inner && (matching.on ? only(inner, matching.names) : without(inner, matching.names));
}

function without({ always, maybe, open }: LabelSet, names: readonly string[]): LabelSet {
  const kept = (labels: ReadonlySet<string>) => new Set([...labels].filter((label) => !names.includes(label)));
  return { always: kept(always), maybe: kept(maybe), open };
}

function only(inner: LabelSet, names: readonly string[]): LabelSet {
  const those = (how: "always" | "maybe") => new Set(names.filter((name) => carries(inner, name) === how));
  return { always: those("always"), maybe: those("maybe"), open: false };
}
