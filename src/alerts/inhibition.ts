import type { Labels } from "../series/labels.ts";
import { type Matcher, matchesAll } from "../series/matchers.ts";
import type { DurationMs, EpochMs } from "../series/time.ts";

/** Alerts that match `target` are kept back while one fires that matches `source` and agrees in the labels of `equal`. */
export interface InhibitRule {
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  readonly equal: readonly string[];
  /** Only alerts that began to fire at most so long before or after the source did; any where it is not said, as in Alertmanager. */
  readonly beganWithin?: DurationMs;
}

/** An alert as receivers know it, and since when it fires. */
export interface BegunAlert {
  readonly labels: Labels;
  readonly startsAt: EpochMs;
}

/** An alert that fires, with the labels it has here. */
export interface FiringAlert extends BegunAlert {
  readonly own: Labels;
}

/** What fires of a rule's sources, by the labels they must agree in with what they keep back. */
type Sources = ReadonlyMap<string, readonly FiringAlert[]>;

/**
 * Which alerts are kept back because others fire, as Alertmanager decides it (inhibit/inhibit.go): a label that both lack counts
 * as equal, and an alert that matches both sides of a rule is not kept back by others that match both. Beyond Alertmanager, a rule may
 * ask that both began together: else what lasts hides whatever begins under it.
 */
export class Inhibition {
  readonly #rules: readonly (readonly [InhibitRule, Sources])[];

  constructor(rules: readonly InhibitRule[], firing: readonly FiringAlert[]) {
    this.#rules = rules.flatMap((rule) => {
      const sources = sourcesOf(rule, firing);
      return sources.size === 0 ? [] : [[rule, sources] as const];
    });
  }

  /** The alert that keeps this one back; undefined where none does. */
  by({ labels, startsAt }: BegunAlert): FiringAlert | undefined {
    for (const [rule, sources] of this.#rules) {
      if (!matchesAll(rule.target, labels)) continue;
      const twoSided = matchesAll(rule.source, labels);
      const agreeing = sources.get(keyOf(rule, labels)) ?? [];
      const found = agreeing.find(
        (source) =>
          beganTogether(rule, source.startsAt - startsAt) && !(twoSided && matchesAll(rule.target, source.labels)),
      );
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

const beganTogether = ({ beganWithin }: InhibitRule, apart: number): boolean =>
  beganWithin === undefined || Math.abs(apart) <= beganWithin;

const keyOf = ({ equal }: InhibitRule, labels: Labels): string =>
  equal.length === 0 ? "" : JSON.stringify(equal.map((name) => labels.get(name) ?? ""));
