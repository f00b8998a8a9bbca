import { childrenOf } from "../../promql/ast.ts";
import { metricNameOf } from "../../series/matchers.ts";
import type { KnownSeries } from "./known-series.ts";
import { perRule } from "./lint.ts";
import { nodesOf, type PlacedSelector, selectorsOf, treeOf } from "./selectors.ts";

const FOR_GAUGES = new Set(["delta", "idelta", "deriv", "predict_linear"]);

/** Functions of gauges know no restart: a counter that begins anew looks like a large fall. */
export const deltaOfCounter = perRule(
  "delta-of-counter",
  "warning",
  "delta(), deriv() and the signal level are of gauges, and the series is a counter.",
  function* (placed, { series }) {
    for (const { matchers, as, ...where } of selectorsOf(placed)) {
      const counter = as === "gauge" ? counterOf(matchers, series) : undefined;
      if (counter !== undefined)
        yield { ...where, message: `${counter} is a counter, which only grows: expected a gauge, or the signal rate` };
    }
    const tree = treeOf(placed.rule);
    for (const node of tree === undefined ? [] : nodesOf(tree)) {
      if (node.kind !== "call" || !FOR_GAUGES.has(node.fn.name)) continue;
      for (const child of childrenOf(node)) {
        const counter = child.kind === "range" ? counterOf(child.matchers, series) : undefined;
        if (counter === undefined) continue;
        const message = `${node.fn.name}() of ${counter}, which is a counter: expected rate() or increase(), or a gauge`;
        yield { at: ["expr"], from: node.from, to: node.to, message };
      }
    }
  },
);

function counterOf(matchers: PlacedSelector["matchers"], series: KnownSeries): string | undefined {
  const metric = metricNameOf(matchers);
  return series.facts(metric)?.type === "counter" ? metric : undefined;
}
