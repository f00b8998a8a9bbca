import type { Mistake } from "../../documents/mistakes.ts";
import type { Place } from "../../documents/source.ts";
import { didYouMean } from "../../documents/suggest.ts";
import type { RuleGroup } from "../types.ts";
import type { RuleTest, RuleTestFile } from "./types.ts";

/** What a mistake needs beside its place. */
type Found = Pick<Mistake, "severity" | "message"> & { readonly place: Place };

/** What in a file of tests does not fit the rules it names. A test of nothing is a warning: promtool lets it pass. */
export function mistakesAgainst({ groupOrder, tests }: RuleTestFile, groups: readonly RuleGroup[]): readonly Found[] {
  const found: Found[] = [];
  const names = groups.map(({ name }) => name);
  for (const { value, place } of groupOrder) {
    if (names.includes(value)) continue;
    found.push({ severity: "warning", place, message: `no group is called ${named(value, names)}` });
  }
  for (const test of tests) found.push(...mistakesOfTest(test, groups));
  return found;
}

function mistakesOfTest(test: RuleTest, groups: readonly RuleGroup[]): readonly Found[] {
  const alerts = groups.flatMap(({ rules }) => rules.flatMap((rule) => (rule.kind === "alert" ? [rule] : [])));
  const names = [...new Set(alerts.map(({ name }) => name))];
  const found: Found[] = [];
  for (const { alertname, place, state } of test.alerts) {
    const rules = alerts.filter(({ name }) => name === alertname);
    if (rules.length === 0) {
      found.push({ severity: "warning", place, message: `no alert is called ${named(alertname, names)}` });
    } else if (state === "learning" && !rules.some(({ condition }) => condition.kind === "detect")) {
      const message = `alert ${JSON.stringify(alertname)} never learns: expected one with detect`;
      found.push({ severity: "error", place, message });
    }
  }
  for (const { value, place } of test.quiet) {
    // Whoever mistypes a name here would never know.
    if (!names.includes(value))
      found.push({ severity: "error", place, message: `no alert is called ${named(value, names)}` });
  }
  if (test.alerts.length + test.samples.length + test.quiet.length === 0) {
    const message = "the test expects nothing: give alert_rule_test, promql_expr_test or quiet";
    found.push({ severity: "warning", place: test.place, message });
  }
  return found;
}

const named = (name: string, known: readonly string[]): string => JSON.stringify(name) + didYouMean(name, known);
