import type { Labels } from "../series/labels.ts";
import { type Matcher, matchesAll } from "../series/matchers.ts";

/** Alerts that match `target` are kept back while one fires that matches `source` and agrees in the labels of `equal`. */
export interface InhibitRule {
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  readonly equal: readonly string[];
}

/** An alert that fires: the labels that receivers know, and those it has here. */
export interface FiringAlert {
  readonly labels: Labels;
  readonly own: Labels;
}

/** What fires of a rule's sources, by the labels they must agree in with what they keep back. */
type Sources = ReadonlyMap<string, readonly FiringAlert[]>;

/**
 * Which alerts are kept back because others fire, as Alertmanager decides it (inhibit/inhibit.go): a label that both lack counts
 * as equal, and an alert that matches both sides of a rule is not kept back by others that match both.
 */
export class Inhibition {
  readonly #rules: readonly (readonly [InhibitRule, Sources])[];

  constructor(rules: readonly InhibitRule[], firing: readonly FiringAlert[]) {
    this.#rules = rules.flatMap((rule) => {
      const sources = sourcesOf(rule, firing);
      return sources.size === 0 ? [] : [[rule, sources] as const];
    });
  }

  /** The alert that keeps back the one with these labels; undefined where none does. */
  by(labels: Labels): FiringAlert | undefined {
    for (const [rule, sources] of this.#rules) {
      if (!matchesAll(rule.target, labels)) continue;
      const twoSided = matchesAll(rule.source, labels);
      const agreeing = sources.get(keyOf(rule, labels)) ?? [];
      const found = agreeing.find((source) => !(twoSided && matchesAll(rule.target, source.labels)));
      if (found) return found;
    }
    return undefined;
  }
}

function sourcesOf(rule: InhibitRule, firing: readonly FiringAlert[]): Sources {
  const found = new Map<string, FiringAlert[]>();
  for (const alert of firing) {
    if (!matchesAll(rule.source, alert.labels)) continue;
    const key = keyOf(rule, alert.labels);
    const known = found.get(key);
    if (known) known.push(alert);
    else found.set(key, [alert]);
  }
  return found;
}

const keyOf = ({ equal }: InhibitRule, labels: Labels): string =>
  equal.length === 0 ? "" : JSON.stringify(equal.map((name) => labels.get(name) ?? ""));
