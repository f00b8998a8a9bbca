import { createHash } from "node:crypto";
import { Labels } from "./labels.ts";
import type { RelabelRule } from "./relabel-rule.ts";

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** What follows a `$` in a template: a name in braces, or as far as letters, digits and _ go. */
const REFERENCE = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

type Working = Map<string, string>;
type Matcher = ReturnType<RelabelRule["regex"]["matcher"]>;

/**
 * Applies relabelling rules one after the other, as Prometheus does (model/relabel/relabel.go).
 * @returns undefined where a rule drops the labels
 */
export function relabel(labels: Labels, rules: readonly RelabelRule[]): Labels | undefined {
  if (rules.length === 0) return labels;
  const working: Working = new Map(labels.pairs);
  for (const rule of rules) if (!APPLY[rule.action](working, rule, joined(working, rule))) return undefined;
  return Labels.from(working);
}

/** The values of the rule's source labels in one text; a label that is absent has the value "". */
function joined(labels: Working, { sourceLabels, separator }: RelabelRule): string {
  return sourceLabels.map((name) => labels.get(name) ?? "").join(separator);
}

/** What each action does to the labels; false drops them. */
const APPLY: Readonly<Record<RelabelRule["action"], (labels: Working, rule: RelabelRule, value: string) => boolean>> = {
  keep: (_, { regex }, value) => regex.matches(value),
  drop: (_, { regex }, value) => !regex.matches(value),
  keepequal: (labels, { targetLabel }, value) => (labels.get(targetLabel) ?? "") === value,
  dropequal: (labels, { targetLabel }, value) => (labels.get(targetLabel) ?? "") !== value,
  replace: (labels, rule, value) => {
    const matcher = rule.regex.matcher(value);
    if (!matcher.matches()) return true;
    const target = expand(rule.targetLabel, rule, matcher);
    if (LABEL_NAME.test(target)) set(labels, target, expand(rule.replacement, rule, matcher));
    return true;
  },
  lowercase: (labels, { targetLabel }, value) => set(labels, targetLabel, lower(value)),
  uppercase: (labels, { targetLabel }, value) => set(labels, targetLabel, upper(value)),
  hashmod: (labels, { targetLabel, modulus }, value) => {
    const hash = createHash("md5").update(value).digest().readBigUInt64BE(8);
    return set(labels, targetLabel, String(hash % BigInt(modulus)));
  },
  labelmap: (labels, rule) => {
    for (const [name, value] of Labels.from(labels).pairs) {
      const matcher = rule.regex.matcher(name);
      if (!matcher.matches()) continue;
      const target = expand(rule.replacement, rule, matcher);
      if (LABEL_NAME.test(target)) set(labels, target, value);
    }
    return true;
  },
  labeldrop: (labels, { regex }) => forget(labels, (name) => regex.matches(name)),
  labelkeep: (labels, { regex }) => forget(labels, (name) => !regex.matches(name)),
};

/** A label without a value is no label. */
function set(labels: Working, name: string, value: string): true {
  if (value === "") labels.delete(name);
  else labels.set(name, value);
  return true;
}

function forget(labels: Working, goes: (name: string) => boolean): true {
  for (const name of [...labels.keys()]) if (goes(name)) labels.delete(name);
  return true;
}

/**
 * Go's Regexp.Expand: `$1` and `${name}` stand for what their groups matched, `$$` for a dollar. A group that is not there
 * stands for nothing, a `$` before anything else for itself.
 */
function expand(template: string, { regex }: RelabelRule, matcher: Matcher): string {
  if (!template.includes("$")) return template;
  return template.replace(REFERENCE, (_, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare;
    if (name === undefined) return "$";
    const numbered = /^(0|[1-9]\d{0,7})$/.test(name);
    const names: ReadonlyMap<string, number> = new Map(Object.entries(regex.namedGroups()));
    const group = numbered ? Number(name) : names.get(name);
    return group === undefined || group > matcher.groupCount() ? "" : (matcher.group(group) ?? "");
  });
}

/** Go maps each character by itself to one character: no context, no "ß" that becomes two. */
const lower = (text: string): string => Array.from(text, (c) => Array.from(c.toLowerCase())[0] ?? c).join("");
const upper = (text: string): string =>
  Array.from(text, (c) => {
    const mapped = Array.from(c.toUpperCase());
    return mapped.length === 1 ? mapped[0] : c;
  }).join("");
