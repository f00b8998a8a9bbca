import { METRIC_NAME } from "../../series/labels.ts";
import type { Matcher } from "../../series/matchers.ts";
import { perRule, type Remark } from "./lint.ts";
import { selectorsOf } from "./selectors.ts";

/** A regular expression that matches more than was meant: matchers are anchored, and an empty value stands for no label. */
export const unboundedRegex = perRule(
  "unbounded-regex",
  "warning",
  "A regular expression is open at both ends, or matches series that do not have the label.",
  function* (placed) {
    for (const { matchers, as: _as, ...where } of selectorsOf(placed)) {
      for (const matcher of matchers) {
        const message = wrongWith(matcher);
        if (message !== undefined) yield { ...where, message };
      }
    }
    const { rule } = placed;
    if (rule.kind !== "alert") return;
    for (const [i, { match }] of rule.except.entries()) {
      for (const matcher of match) {
        const message = wrongWith(matcher);
        if (message !== undefined) yield { at: ["except", i, "match"], message } satisfies Remark;
      }
    }
  },
);

function wrongWith({ name, op, value, matches }: Matcher): string | undefined {
  if (op !== "=~") return undefined;
  const shown = `${name}=~${JSON.stringify(value)}`;
  if (matches("")) {
    const better = /^\(?\.\*\)?$/.test(value) ? ", or no matcher at all" : "";
    return `${shown} also matches what has no label ${name}: expected a pattern that matches some text, as .+ does${better}`;
  }
  const open = /^\(?\.[*+]/.test(value) && /\.[*+]\)?$/.test(value) && value.length > 3;
  if (!open || name === METRIC_NAME) return undefined;
  return `${shown} is open at both ends and matches any value that contains it: expected it to be fixed at one end`;
}
