import { type Mistake, mistakeAt } from "../documents/mistakes.ts";
import { type Document, keyAt, type Path, spanAt } from "../documents/nodes.ts";
import { labelNameWarning, metricNameWarning } from "./schema-names.ts";
import type { Rule } from "./types.ts";

/** What works in a group's rules and is probably not meant. `at` leads to the group, `paths` to its rules. */
export function warningsOf(
  rules: readonly { readonly rule: Rule; readonly path: Path }[],
  document: Document,
  describe: (path: Path) => string,
): Mistake[] {
  const { root } = document;
  if (root === undefined) return [];
  const warnings: Mistake[] = [];
  const seen = new Map<string, number>();
  for (const { rule, path } of rules) {
    const add = (message: string, field: Path, onKey = false): void => {
      const at = [...path, ...field];
      const span = (onKey ? keyAt(root, at) : undefined) ?? spanAt(root, at);
      warnings.push(mistakeAt(span, `${describe(path)}: ${message}`, "warning"));
    };
    const twin = seen.get(identityOf(rule));
    if (twin === undefined) seen.set(identityOf(rule), ruleNumber(path));
    else add(`same name and labels as rule ${twin} of the group`, [rule.kind]);
    const nameWarning = rule.kind === "record" ? metricNameWarning(rule.name) : undefined;
    if (nameWarning !== undefined) add(nameWarning, ["record"]);
    for (const [name, value] of rule.labels) {
      const labelWarning = labelNameWarning(name);
      if (labelWarning !== undefined) add(labelWarning, ["labels", name], true);
      if (typeof value === "string" || !value.uses.value) continue;
      add(`label ${JSON.stringify(name)} contains the value: whenever it changes this is another alert`, [
        "labels",
        name,
      ]);
    }
  }
  return warnings;
}

/** Rules of a group are numbered from 1. */
const ruleNumber = (path: Path): number => Number(path.at(-1)) + 1;

function identityOf(rule: Rule): string {
  const labels = rule.labels.map(([name, value]) => [name, typeof value === "string" ? value : value.text]);
  return JSON.stringify([rule.kind, rule.name, labels.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1))]);
}
