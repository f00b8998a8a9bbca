import { labelNameWarning, metricNameWarning } from "../schema-names.ts";
import { perRule } from "./lint.ts";

/** Prometheus takes any text for a name, but few people want one that has to be quoted. */
export const quotedName = perRule(
  "quoted-name",
  "warning",
  "A label's or series' name can be written in PromQL only with quotes.",
  function* ({ rule }) {
    const record = rule.kind === "record" ? metricNameWarning(rule.name) : undefined;
    if (record !== undefined) yield { at: ["record"], message: record };
    for (const [name] of rule.labels) {
      const message = labelNameWarning(name);
      if (message !== undefined) yield { at: ["labels", name], onKey: true, message };
    }
  },
);
