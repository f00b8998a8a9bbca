import { Labels } from "../../series/labels.ts";
import { matchesAll } from "../../series/matchers.ts";
import type { DurationMs } from "../../series/time.ts";
import type { AlertRule, Rule, RuleGroup } from "../types.ts";
import { translateDetect } from "./detect-rule.ts";
import { excepted } from "./excepted.ts";
import { type Reads, translateExpr } from "./expr-rule.ts";
import type { Scales } from "./scales.ts";
import { type ExportOptions, type Fidelity, refused, type Translation } from "./types.ts";

/** A rule and what it is in PromQL. */
export interface Translated {
  readonly rule: Rule;
  readonly group: RuleGroup;
  readonly translation: Translation;
}

const NOTHING: Reads = { alerts: [], detectors: [], records: [] };

/** Every rule by itself, then what it takes over from the rules it reads: none is better than those. */
export function translateRules(
  groups: readonly RuleGroup[],
  scales: Scales,
  options: ExportOptions,
): readonly Translated[] {
  const names = uniqueNames(groups);
  const all = groups.flatMap((group) =>
    group.rules.map((rule) => {
      const { translation, reads } = translateOne(
        rule,
        { name: names.get(rule)!, every: group.interval ?? options.interval },
        scales,
        options,
      );
      return { rule, group, translation, reads };
    }),
  );
  const shared = duplicates(all.map(({ rule }) => rule));
  // A chain of rules is no longer than there are rules.
  for (let changed = true; changed; ) {
    changed = false;
    for (const [i, one] of all.entries()) {
      const fidelity = inherited(one, all, shared);
      if (fidelity === undefined) continue;
      const translation = fidelity.kind === "refused" ? refused(fidelity.why) : { ...one.translation, fidelity };
      all[i] = { ...one, translation };
      changed = true;
    }
  }
  return all;
}

function translateOne(
  rule: Rule,
  place: { readonly name: string; readonly every: DurationMs },
  scales: Scales,
  options: ExportOptions,
): { readonly translation: Translation; readonly reads: Reads } {
  if (rule.kind === "record") {
    const { reads, ...translation } = translateExpr(rule.text, rule.tree, "", options);
    return { translation, reads };
  }
  const { condition } = rule;
  if (condition.kind === "detect") {
    const translation = translateDetect(rule, condition.detect, place, scales, options);
    return { translation: withExceptions(rule, place.name, translation), reads: NOTHING };
  }
  const { reads, ...translation } = translateExpr(condition.text, condition.tree, textsOf(rule), options);
  return { translation: withExceptions(rule, place.name, translation), reads };
}

/** What a rule says of its alerts. */
const textsOf = ({ annotations }: AlertRule): string => annotations.map(([, { text }]) => text).join("\n");

/** Exceptions need the findings as a series of their own, so that matchers can be held against it. */
function withExceptions(rule: AlertRule, name: string, translation: Translation): Translation {
  if (rule.except.length === 0 || translation.fidelity.kind === "refused") return translation;
  const condition = `triton_sentinel:condition:${name}`;
  const left = excepted(rule, condition);
  if (left.kind === "no") return refused(left.why);
  const there = translation.recordings.some((recording) => recording.name === condition);
  const recordings = there
    ? translation.recordings
    : [...translation.recordings, { name: condition, expr: translation.expr, labels: {} }];
  return { ...translation, expr: left.expr, recordings };
}

/** What a rule's fidelity becomes through what it reads; undefined where it stays. */
function inherited(
  one: Translated & { readonly reads: Reads },
  all: readonly Translated[],
  shared: ReadonlySet<string>,
): Fidelity | undefined {
  const { kind } = one.translation.fidelity;
  if (kind === "refused") return undefined;
  for (const other of all) {
    const { name, kind: what } = other.rule;
    if (!readsRule(one.reads, other.rule)) continue;
    if (other.translation.fidelity.kind === "refused") {
      return { kind: "refused", why: `it reads ${name}, which is not exported` };
    }
    if (what === "alert" && shared.has(name) && readsDetector(one.reads, name)) {
      return { kind: "refused", why: `it reads what detectors saw by rule ${name}, and several rules have that name` };
    }
    if (kind === "exact" && other.translation.fidelity.kind === "approximate") {
      return { kind: "approximate", why: `it reads ${name}, which is approximate` };
    }
  }
  return undefined;
}

function readsRule(reads: Reads, { kind, name }: Rule): boolean {
  if (kind === "record") return reads.records.some((m) => m.matches(name));
  const labels = Labels.of({ alertname: name });
  return reads.alerts.some((matchers) => matchesAll(matchers, labels)) || readsDetector(reads, name);
}

/** Whether a selector of detector series names the rule. */
const readsDetector = ({ detectors }: Reads, name: string): boolean =>
  detectors.some((matchers) => matchesAll(matchers, Labels.of({ alertname: name })));

function duplicates(rules: readonly Rule[]): ReadonlySet<string> {
  const names = rules.map(({ name }) => name);
  return new Set(names.filter((name, i) => names.indexOf(name) !== i));
}

/** A name for each rule's recordings, fit for a metric and no other rule's. */
function uniqueNames(groups: readonly RuleGroup[]): ReadonlyMap<Rule, string> {
  const taken = new Set<string>();
  const names = new Map<Rule, string>();
  for (const rule of groups.flatMap(({ rules }) => rules)) {
    const plain = rule.name.replaceAll(/[^a-zA-Z0-9_]/g, "_");
    let name = plain;
    for (let i = 2; taken.has(name); i++) name = `${plain}_${i}`;
    if (rule.kind === "alert") taken.add(name);
    names.set(rule, name);
  }
  return names;
}
