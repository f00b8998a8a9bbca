import { quote } from "../../documents/mistakes.ts";
import { didYouMean } from "../../documents/suggest.ts";
import { metricNameOf } from "../../series/matchers.ts";
import { perRule } from "./lint.ts";
import { selectorsOf } from "./selectors.ts";

/** A matcher that no value of its label passes, or that keeps out a value that does not exist. */
export const impossibleLabelValue = perRule(
  "impossible-label-value",
  "warning",
  "A matcher asks for a value that a label of few known values never has.",
  function* (placed, { series }) {
    for (const { matchers, ...where } of selectorsOf(placed)) {
      const metric = metricNameOf(matchers);
      const values = series.facts(metric)?.values ?? {};
      for (const { name, op, value, matches } of matchers) {
        const known = Object.hasOwn(values, name) ? values[name]! : undefined;
        if (known === undefined || value === "" || matches("")) {
          // What passes without the label keeps values out; only a single one can be told to be wrong.
          if (known === undefined || op !== "!=" || value === "" || known.includes(value)) continue;
        } else if (known.some(matches)) continue;
        const expected = known.join(", ");
        const message = `${name} of ${metric} is never ${quote(value)}: expected one of ${expected}${didYouMean(value, known)}`;
        yield { ...where, message };
      }
    }
  },
);
