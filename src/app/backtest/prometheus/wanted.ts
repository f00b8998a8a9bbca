import type { RuleSet } from "../../../monitor/rule-set.ts";
import { METRIC_NAME } from "../../../series/labels.ts";
import { formatMatcher, type Matcher } from "../../../series/matchers.ts";

/** Selectors of all series that sets of rules read of targets, one a family, narrowed by further conditions. */
export function selectorsOf(rules: readonly RuleSet[], narrow: readonly Matcher[]): readonly string[] {
  const wanted = new Map<string, string>();
  for (const set of rules) {
    const { names, patterns } = set.wanted;
    for (const name of names) {
      // What the program writes itself it writes anew.
      if (rules.some((each) => each.owns(name))) continue;
      wanted.set(name, selector(`${METRIC_NAME}=${JSON.stringify(name)}`, narrow));
    }
    for (const pattern of patterns) wanted.set(formatMatcher(pattern), selector(formatMatcher(pattern), narrow));
  }
  return [...wanted.keys()].sort().map((key) => wanted.get(key)!);
}

/** A selector as a query: what it is about and what else must hold. */
export const selector = (first: string, narrow: readonly Matcher[]): string =>
  `{${[first, ...narrow.map(formatMatcher)].join(",")}}`;
