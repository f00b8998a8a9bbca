import type { RuleSet } from "../../monitor/rule-set.ts";
import type { AlertRule } from "../../rules/types.ts";
import type { Watched } from "../../rules/watch.ts";
import { fingerprint, type Labels, METRIC_NAME } from "../../series/labels.ts";

const bySubject = new WeakMap<Watched, WeakMap<AlertRule, string>>();

/** What names a subject of a rule in paths: the fingerprint of its labels and of what tells the rule from others. */
export function subjectId(rules: RuleSet, rule: AlertRule, watched: Watched): string {
  const known = bySubject.get(watched) ?? new WeakMap<AlertRule, string>();
  bySubject.set(watched, known);
  const id =
    known.get(rule) ?? fingerprint(watched.labels.with(ownLabels(rules, rule)).with({ [METRIC_NAME]: rule.name }));
  known.set(rule, id);
  return id;
}

/** The constant labels in which a rule differs from others of its name. */
export const ownLabels = (rules: RuleSet, rule: AlertRule): Labels => rules.nameOf(rule).without("rule");
