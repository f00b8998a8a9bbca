import type { Expr } from "../../promql/ast.ts";
import { type Matcher, metricNameOf } from "../../series/matchers.ts";
import { perRule } from "./lint.ts";
import { nodesOf, type PlacedSelector, selectorsOf, treeOf } from "./selectors.ts";

const WHY = "a request to an ensemble counts for the ensemble and for each of its models";

/** Families that count requests or add up their times. */
const COUNTED = /^nv_inference_(?!first_response)/;

/** A sum over models adds a request to an ensemble several times. A matcher on `model` shows that somebody thought of it. */
export const ensembleCountedTwice = perRule(
  "ensemble-counted-twice",
  "warning",
  "nv_inference_* is summed over models, so that requests to ensembles count several times.",
  function* (placed) {
    const { rule } = placed;
    const tree = treeOf(rule);
    for (const node of tree === undefined ? [] : nodesOf(tree)) {
      if (node.kind !== "aggregation" || !["sum", "avg"].includes(node.op) || keepsModel(node)) continue;
      const metric = [...added(node.operand)].map(countedOf).find((name) => name !== undefined);
      if (metric === undefined) continue;
      const message = `${node.op} of ${metric} over models: ${WHY}; expected "by (model)" or a matcher on model`;
      yield { at: ["expr"], from: node.from, to: node.to, message };
    }
    if (rule.kind !== "alert" || rule.condition.kind !== "detect" || rule.condition.detect.by.includes("model")) return;
    const { kind } = rule.condition.detect.signal;
    const first = kind === "models" ? undefined : selectorsOf(placed).find(({ matchers }) => countedOf(matchers));
    if (first === undefined) return;
    const { at } = first satisfies PlacedSelector;
    yield { at, message: `by leaves the model out: ${WHY}; expected "model" in by, or a matcher on model` };
  },
);

const keepsModel = ({ grouping }: Expr & { readonly kind: "aggregation" }): boolean =>
  (grouping.mode === "by") === grouping.names.includes("model");

/** The selectors whose series an aggregation adds up: not those that were aggregated before. */
function* added(expr: Expr): Iterable<readonly Matcher[]> {
  switch (expr.kind) {
    case "selector":
    case "range":
      yield expr.matchers;
      return;
    case "negation":
    case "subquery":
      yield* added(expr.operand);
      return;
    case "call":
      for (const arg of expr.args) yield* added(arg);
      return;
    case "arithmetic":
    case "comparison":
      yield* added(expr.left);
      yield* added(expr.right);
      return;
    case "set":
      yield* added(expr.left);
  }
}

function countedOf(matchers: readonly Matcher[]): string | undefined {
  const metric = metricNameOf(matchers);
  if (metric === undefined || !COUNTED.test(metric) || matchers.some(({ name }) => name === "model")) return undefined;
  return metric;
}
