import { childrenOf } from "../../promql/ast.ts";
import { metricNameOf } from "../../series/matchers.ts";
import { perRule } from "./lint.ts";
import { nodesOf, selectorsOf, treeOf } from "./selectors.ts";

const FOR_COUNTERS = new Set(["rate", "irate", "increase", "resets"]);

/** Functions of counters take every decrease for a restart: of a gauge they give large numbers that mean nothing. */
export const rateOfGauge = perRule(
  "rate-of-gauge",
  "warning",
  "rate(), increase() and the signals that count are of counters, and the series is a gauge.",
  function* (placed, { series }) {
    const isGauge = (matchers: Parameters<typeof metricNameOf>[0]): string | undefined => {
      const metric = metricNameOf(matchers);
      const facts = series.facts(metric);
      return facts?.type === "gauge" && !facts.cumulative ? metric : undefined;
    };
    for (const { matchers, as, ...where } of selectorsOf(placed)) {
      const gauge = as === "counter" ? isGauge(matchers) : undefined;
      if (gauge !== undefined)
        yield { ...where, message: `${gauge} is a gauge: expected a counter here, or the signal level` };
    }
    const tree = treeOf(placed.rule);
    for (const node of tree === undefined ? [] : nodesOf(tree)) {
      if (node.kind !== "call" || !FOR_COUNTERS.has(node.fn.name)) continue;
      for (const child of childrenOf(node)) {
        const gauge = child.kind === "range" ? isGauge(child.matchers) : undefined;
        if (gauge === undefined) continue;
        const message = `${node.fn.name}() of ${gauge}, which is a gauge: expected delta() or deriv(), or a counter`;
        yield { at: ["expr"], from: node.from, to: node.to, message };
      }
    }
  },
);
