import type { Rule, RuleGroup } from "../rules/types.ts";

/** Which rule of before each rule of now continues; rules without one are new. */
export interface Succession {
  /** Of the same kind, name and labels, so that its alerts keep their labels: it keeps them. */
  readonly heirs: ReadonlyMap<Rule, Rule>;
  /** And those of the same kind and name at least: no alert, but what it is about goes on. */
  readonly kin: ReadonlyMap<Rule, Rule>;
  /** Rules that continue one of before in another form. */
  readonly changed: readonly Rule[];
}

interface Placed {
  readonly rule: Rule;
  readonly group: RuleGroup;
}

/**
 * Finds the rules that continue others, as Prometheus does at a reload: by name and labels, the first of several with the
 * first. Within a group before across groups, so that a rule removed from one group hands nothing to its namesake in another.
 */
export function succession(before: readonly RuleGroup[], after: readonly RuleGroup[]): Succession {
  const old = placed(before);
  const now = placed(after);
  const found = new Map<Rule, Placed>();
  const taken = new Set<Rule>();
  const match = (keyOf: (one: Placed) => string) => {
    const waiting = new Map<string, Placed[]>();
    for (const one of old) {
      if (!taken.has(one.rule)) waiting.set(keyOf(one), [...(waiting.get(keyOf(one)) ?? []), one]);
    }
    for (const one of now) {
      const first = found.has(one.rule) ? undefined : waiting.get(keyOf(one))?.shift();
      if (!first) continue;
      found.set(one.rule, first);
      taken.add(first.rule);
    }
  };
  match(({ rule, group }) => JSON.stringify([group.file, group.name, identity(rule)]));
  match(({ rule }) => JSON.stringify(identity(rule)));
  const heirs = pairs(found);
  match(({ rule }) => JSON.stringify(identity(rule).slice(0, 2)));
  const changed = now.filter((one) => {
    const was = found.get(one.rule);
    return was !== undefined && definition(was) !== definition(one);
  });
  return { heirs, kin: pairs(found), changed: changed.map(({ rule }) => rule) };
}

const placed = (groups: readonly RuleGroup[]): readonly Placed[] =>
  groups.flatMap((group) => group.rules.map((rule) => ({ rule, group })));

const pairs = (found: ReadonlyMap<Rule, Placed>): ReadonlyMap<Rule, Rule> =>
  new Map([...found].map(([rule, was]) => [rule, was.rule]));

/** Kind, name, labels. A rule that finds its alerts in another way, for all targets instead of for each, is another rule. */
function identity(rule: Rule): readonly unknown[] {
  if (rule.kind === "record") return ["record", rule.name, rule.labels];
  const { condition } = rule;
  const kind = condition.kind === "expr" ? "expr" : condition.detect.signal.kind === "models" ? "models" : "detect";
  return [kind, rule.name, rule.labels.map(([name, { text }]) => [name, text])];
}

/** What was written, and what follows from it alone, is left out: syntax trees, programs of templates, places in files. */
const DERIVED: ReadonlySet<string> = new Set(["tree", "program", "position"]);

const definition = ({ rule, group: { limit, interval, queryOffset } }: Placed): string =>
  JSON.stringify([rule, limit, interval, queryOffset], (key, value) => (DERIVED.has(key) ? undefined : value));
