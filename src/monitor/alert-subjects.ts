import type { Judge } from "../rules/judge.ts";
import type { AlertRule } from "../rules/types.ts";
import type { Watched } from "../rules/watch.ts";
import type { Labels } from "../series/labels.ts";

/** Whether an alert of a rule is about a subject: they agree in every label that the rule does not write itself. */
export function isAbout(rule: AlertRule, alert: Labels, subject: Labels): boolean {
  return subject.pairs.every(
    ([name, value]) => alert.get(name) === value || rule.labels.some(([written]) => written === name),
  );
}

/** The one subject that an alert is about; undefined where there is none, or the rule's own labels hide which of several. */
export function subjectOf(rule: AlertRule, judge: Judge, alert: Labels): Watched | undefined {
  const found: Watched[] = [];
  for (const watched of judge.watch.subjects()) if (isAbout(rule, alert, watched.labels)) found.push(watched);
  return found.length === 1 ? found[0] : undefined;
}
