import { type Evaluation, RuleAlerts } from "../alerts/rule-alerts.ts";
import type { Alert, AlertSettings, Transition } from "../alerts/types.ts";
import type { AlertRule } from "../rules/types.ts";
import type { Labels } from "../series/labels.ts";
import type { DurationMs, EpochMs } from "../series/time.ts";
import type { TargetState } from "./target-state.ts";

const NO_ALERTS: readonly Alert[] = [];

/** The alerts one evaluation is about. */
interface Part {
  readonly alerts: RuleAlerts;
  /** Pending and firing, by label key. */
  active: ReadonlySet<string>;
  /** The `ALERTS` series that are not stale. */
  published: ReadonlyMap<string, Labels>;
  cut: number;
}

/**
 * One alerting rule at work: its alerts and how its last evaluation went. A `detect:` rule is evaluated for one target at a
 * time, so each target has alerts of its own: an evaluation costs what its target shows, and a target that invents label
 * sets cannot use up the limit of another.
 */
export class RuleState {
  readonly rule: AlertRule;
  health: "unknown" | "ok" | "err" = "unknown";
  lastError: string | undefined;
  lastEvaluation: EpochMs | undefined;
  readonly #settings: AlertSettings;
  readonly #parts = new Map<TargetState | undefined, Part>();
  /** Whose alert a label set is: labels alone tell alerts apart, also those of different targets. */
  readonly #owners = new Map<string, TargetState>();

  constructor(rule: AlertRule, limit: number, holdFor: DurationMs) {
    this.rule = rule;
    const { condition, keepFiringFor } = rule;
    const events = condition.kind === "detect" && condition.detect.signal.kind === "models";
    this.#settings = { for: rule.for, keepFiringFor, limit, holdFor, events };
  }

  /**
   * Moves the alerts of a target (of all targets, where the rule is evaluated for all at once).
   * @returns what they did, and how many findings the limit cut off where it did not do so before
   * @throws RangeError where two findings have the same labels; then nothing changed
   */
  advance(
    of: TargetState | undefined,
    evaluation: Evaluation,
  ): { readonly transitions: readonly Transition[]; readonly cut: number } {
    for (const { labels } of evaluation.findings) {
      const owner = this.#owners.get(labels.key);
      if (owner !== undefined && owner !== of) throw new RangeError(twice(labels, ", for two targets"));
    }
    const known = this.#parts.get(of);
    if (!known && evaluation.findings.length === 0) return { transitions: [], cut: 0 };
    const part = known ?? this.#part(of);
    const done = part.alerts.advance(evaluation);
    if (done.kind === "duplicate") throw new RangeError(twice(done.labels, ""));
    const cut = part.cut === 0 ? done.cut : 0;
    part.cut = done.cut;
    if (of !== undefined) this.#own(part, of);
    return { transitions: done.transitions, cut };
  }

  /** Every alert of the rule; each target's first the pending and firing ones, then those resolved lately. */
  *alerts(): Iterable<Alert> {
    for (const { alerts } of this.#parts.values()) yield* alerts.alerts();
  }

  /** The alerts of one target, or of all where the rule is evaluated for all at once. */
  alertsOf(of: TargetState | undefined): Iterable<Alert> {
    return this.#parts.get(of)?.alerts.alerts() ?? NO_ALERTS;
  }

  /** Notes which `ALERTS` series there are now. @returns those there were before */
  publish(
    of: TargetState | undefined,
    published: ReadonlyMap<string, Labels>,
  ): ReadonlyMap<string, Labels> | undefined {
    const part = this.#parts.get(of);
    if (!part) return undefined;
    const before = part.published;
    part.published = published;
    // An alert resolved long ago leaves nothing behind.
    if (published.size === 0 && isEmpty(part.alerts)) this.#parts.delete(of);
    return before;
  }

  succeeded(at: EpochMs): void {
    this.health = "ok";
    this.lastError = undefined;
    this.lastEvaluation = at;
  }

  /** Its alerts are left as they are: a query that fails must not look like a recovery. */
  failed(at: EpochMs, why: string): void {
    this.health = "err";
    this.lastError = why;
    this.lastEvaluation = at;
  }

  #part(of: TargetState | undefined): Part {
    const part = { alerts: new RuleAlerts(this.#settings), active: new Set<string>(), published: new Map(), cut: 0 };
    this.#parts.set(of, part);
    return part;
  }

  #own(part: Part, target: TargetState): void {
    const active = new Set<string>();
    for (const { labels, is } of part.alerts.alerts()) if (is.state !== "resolved") active.add(labels.key);
    for (const key of part.active) if (!active.has(key)) this.#owners.delete(key);
    for (const key of active) this.#owners.set(key, target);
    part.active = active;
  }
}

const twice = (labels: Labels, where: string): string =>
  `the rule gives ${labels} more than once after its labels were applied${where}`;

function isEmpty(alerts: RuleAlerts): boolean {
  for (const _ of alerts.alerts()) return false;
  return true;
}
