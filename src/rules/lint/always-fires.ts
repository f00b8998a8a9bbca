import type { Expr } from "../../promql/ast.ts";
import { metricNameOf } from "../../series/matchers.ts";
import { constantOf } from "./constants.ts";
import type { KnownSeries } from "./known-series.ts";
import { perAlert } from "./lint.ts";
import { nodesOf } from "./selectors.ts";

/** An expression without a condition: it gives a result for every series there is, and each result is an alert. */
export const alwaysFires = perAlert(
  "always-fires",
  "warning",
  "An expression compares nothing, so that every series alerts all the time.",
  function* ({ condition }, _placed, { series }) {
    if (condition.kind !== "expr" || !isUnconditional(condition.tree, series)) return;
    const constant = constantOf(condition.tree);
    const what = constant === undefined ? "compares nothing" : "is a constant";
    yield { at: ["expr"], message: `the expression ${what}, so that it always fires: expected a comparison` };
  },
);

function isUnconditional(tree: Expr, series: KnownSeries): boolean {
  for (const node of nodesOf(tree)) {
    if (node.kind === "comparison" && !node.bool) return false;
    if (node.kind === "set" && node.op !== "or") return false;
    if (node.kind === "call" && node.fn.name.startsWith("absent")) return false;
    // Series that come and go, or whose rule has a condition, are one themselves.
    if (node.kind !== "selector" && node.kind !== "range") continue;
    if (series.facts(metricNameOf(node.matchers))?.triton !== true) return false;
  }
  return true;
}
