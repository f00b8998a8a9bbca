import { quote } from "../../documents/mistakes.ts";
import { didYouMean } from "../../documents/suggest.ts";
import { METRIC_NAME } from "../../series/labels.ts";
import { type Matcher, metricNameOf } from "../../series/matchers.ts";
import { type KnownSeries, LABEL_VOCABULARY, type SeriesFacts, TARGET_LABELS } from "./known-series.ts";
import { carries, labelSetOf } from "./label-sets.ts";
import { perRule, type Remark } from "./lint.ts";
import { nodesOf, type PlacedSelector, selectorsOf, treeOf } from "./selectors.ts";

/**
 * A label that the series do not have. Targets may be given labels by the configuration, so of a name that is none of Triton's
 * and like none of them nothing more is said than that.
 */
export const unknownLabel = perRule(
  "unknown-label",
  "warning",
  "A matcher or a grouping names a label that the series of a known family do not have.",
  function* (placed, { series }) {
    for (const selector of selectorsOf(placed)) yield* ofSelector(selector, series);
    const tree = treeOf(placed.rule);
    if (tree === undefined) return;
    for (const node of nodesOf(tree)) {
      if (node.kind !== "aggregation" || node.grouping.mode !== "by") continue;
      const labels = labelSetOf(node.operand, series);
      if (labels === undefined) continue;
      const known = [...labels.always, ...labels.maybe];
      for (const name of node.grouping.names) {
        if (carries(labels, name) === "always" || labels.maybe.has(name)) continue;
        const hint = didYouMean(name, known);
        // Grouping by what is not there is harmless but for typing errors and labels of other families.
        if (hint === "" && carries(labels, name) === "maybe") continue;
        const message = `${node.op} by (${name}): its series have no label ${quote(name)}${hint}`;
        yield { at: ["expr"], from: node.from, to: node.to, message };
      }
    }
  },
);

function* ofSelector({ matchers, as: _as, ...where }: PlacedSelector, series: KnownSeries): Iterable<Remark> {
  const metric = metricNameOf(matchers);
  const facts = series.facts(metric);
  if (metric === undefined || !facts?.closed) return;
  for (const matcher of matchers) {
    if (isKnown(matcher, facts)) continue;
    const { name } = matcher;
    const hint = didYouMean(name, [...facts.labels, ...facts.optional, ...TARGET_LABELS]);
    const certain = hint !== "" || LABEL_VOCABULARY.has(name);
    const message = certain
      ? `${metric} has no label ${quote(name)}${hint}`
      : `${metric} has no label ${quote(name)} of its own: expected one that its targets are given`;
    yield { ...where, message, ...(!certain && { severity: "info" as const }) };
  }
}

/** Labels that begin with an underscore are a model's `metric_tags`. */
const isKnown = ({ name, op, value }: Matcher, { labels, optional }: SeriesFacts): boolean =>
  name === METRIC_NAME ||
  (TARGET_LABELS as readonly string[]).includes(name) ||
  labels.includes(name) ||
  optional.includes(name) ||
  name.startsWith("_") ||
  (op === "=" && value === "");
