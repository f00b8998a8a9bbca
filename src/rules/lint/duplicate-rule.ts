import type { PlacedRule } from "../load.ts";
import type { Rule } from "../types.ts";
import type { Lint, LintFinding, LintWorld } from "./lint.ts";

/** Two rules of one name and labels share their alerts on a reload; two of one condition tell everything twice. */
export const duplicateRule: Lint = {
  id: "duplicate-rule",
  severity: "warning",
  about: "Two rules have the same name and labels, or fire on the same condition with the same labels.",
  *check({ rules }: LintWorld): Iterable<LintFinding> {
    const names = new Map<string, PlacedRule>();
    const conditions = new Map<string, PlacedRule>();
    for (const placed of rules) {
      const { rule } = placed;
      const twin = first(names, identityOf(rule), placed);
      if (twin !== undefined) {
        yield { rule: placed, twin, at: [rule.kind], message: `same name and labels as the rule at ${placeOf(twin)}` };
        continue;
      }
      const same = first(conditions, conditionOf(rule), placed);
      if (same === undefined) continue;
      const message = `${rule.kind === "record" ? "records" : "fires on"} the same as ${same.rule.name} at ${placeOf(same)}`;
      const field = rule.kind === "alert" ? rule.condition.kind : "expr";
      yield { rule: placed, twin: same, at: [field], onKey: true, message };
    }
  },
};

/** Remembers a rule under a key. @returns the one that was there before */
function first(known: Map<string, PlacedRule>, key: string, placed: PlacedRule): PlacedRule | undefined {
  const before = known.get(key);
  if (before === undefined) known.set(key, placed);
  return before;
}

const placeOf = ({ rule: { position } }: PlacedRule): string => `${position.file}:${position.line}`;

function labelsOf(rule: Rule): readonly (readonly [string, string])[] {
  const labels = rule.labels.map(([name, value]) => [name, typeof value === "string" ? value : value.text] as const);
  return labels.sort(([a], [b]) => (a < b ? -1 : 1));
}

const identityOf = (rule: Rule): string => JSON.stringify([rule.kind, rule.name, labelsOf(rule)]);

/** What a rule fires on. Tiers of one condition differ in a label or in how long it must hold. */
function conditionOf(rule: Rule): string {
  if (rule.kind === "record") return JSON.stringify(["record", spaceless(rule.text), labelsOf(rule)]);
  const { condition } = rule;
  const what = condition.kind === "expr" ? spaceless(condition.text) : condition.detect;
  return JSON.stringify(["alert", what, rule.for, rule.keepFiringFor, labelsOf(rule)]);
}

const spaceless = (text: string): string => text.replace(/\s+/g, " ").trim();
