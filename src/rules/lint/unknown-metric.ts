import { quote } from "../../documents/mistakes.ts";
import { didYouMean } from "../../documents/suggest.ts";
import { METRIC_NAME } from "../../series/labels.ts";
import { perRule } from "./lint.ts";
import { selectorsOf } from "./selectors.ts";

/** A selector that can match nothing: a wrong name is silent for ever, which looks like a quiet server. */
export const unknownMetric = perRule(
  "unknown-metric",
  "warning",
  "A selector matches no family of Triton, of this program or of a recording rule.",
  function* (placed, { series }) {
    const names = series.names();
    for (const { matchers, ...where } of selectorsOf(placed)) {
      const named = matchers.filter(({ name }) => name === METRIC_NAME);
      if (named.length === 0 || names.some((name) => named.every((m) => m.matches(name)))) continue;
      const exact = named.find(({ op }) => op === "=");
      const message =
        exact === undefined
          ? "no series has a name like this: neither Triton, this program nor a recording rule writes one"
          : `no series is named ${quote(exact.value)}: neither Triton, this program nor a recording rule writes it${didYouMean(exact.value, names)}`;
      yield { ...where, message };
    }
  },
);
