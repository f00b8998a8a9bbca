import { quote } from "../../documents/mistakes.ts";
import { nodeAt } from "../../documents/nodes.ts";
import { didYouMean } from "../../documents/suggest.ts";
import { metricNameOf } from "../../series/matchers.ts";
import { LABEL_VOCABULARY, TARGET_LABELS } from "./known-series.ts";
import { perAlert } from "./lint.ts";
import { selectorsOf } from "./selectors.ts";

/** A label in `by` that the series do not have: subjects are not told apart by it, and nothing says so. */
export const detectByLabel = perAlert(
  "detect-by-label",
  "warning",
  "by names a label that none of the signal's families has.",
  function* ({ condition }, placed, { series }) {
    if (condition.kind !== "detect") return;
    const known = new Set<string>(TARGET_LABELS);
    if (condition.detect.signal.kind === "models")
      for (const name of ["model", "version", "namespace"]) known.add(name);
    else {
      for (const { matchers } of selectorsOf(placed)) {
        const facts = series.facts(metricNameOf(matchers));
        if (!facts?.closed) return;
        for (const name of [...facts.labels, ...facts.optional]) known.add(name);
      }
    }
    // Where nothing is written the default fits most families, and harms none.
    if (nodeAt(placed.document.root, [...placed.path, "detect", "by"]) === undefined) return;
    for (const [i, name] of condition.detect.by.entries()) {
      if (known.has(name) || name.startsWith("_")) continue;
      const hint = didYouMean(name, known);
      const certain = hint !== "" || LABEL_VOCABULARY.has(name);
      const message = certain
        ? `the series of this signal have no label ${quote(name)}${hint}`
        : `the series of this signal have no label ${quote(name)} of their own: expected one that targets are given`;
      yield { at: ["detect", "by", i], message, ...(!certain && { severity: "info" as const }) };
    }
  },
);
