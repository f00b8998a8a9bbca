import { type Evaluation, RuleAlerts } from "../alerts/rule-alerts.ts";
import type { Alert, AlertSettings, Transition, TransitionReason } from "../alerts/types.ts";
import type { AlertRule } from "../rules/types.ts";
import type { Labels } from "../series/labels.ts";
import type { DurationMs, EpochMs } from "../series/time.ts";
import { Exceptions } from "./exceptions.ts";
import { RuleHealth } from "./rule-health.ts";
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
 * sets cannot use up the limit of another. Where an evaluation fails the alerts are left as they are: a query that fails must
 * not look like a recovery.
 */
export class RuleState extends RuleHealth {
  readonly exceptions: Exceptions;
  #rule: AlertRule;
  #settings: AlertSettings;
  readonly #parts = new Map<TargetState | undefined, Part>();
  /** Whose alert a label set is: labels alone tell alerts apart, also those of different targets. */
  readonly #owners = new Map<string, TargetState>();

  constructor(rule: AlertRule, limit: number, holdFor: DurationMs) {
    super();
    this.exceptions = new Exceptions(rule.except);
    this.#rule = rule;
    this.#settings = settingsOf(rule, limit, holdFor);
  }

  get rule(): AlertRule {
    return this.#rule;
  }

  /** Goes on as another version of the rule; alerts stay and live by its settings from now on. */
  replace(rule: AlertRule, limit: number, holdFor: DurationMs): void {
    this.#rule = rule;
    this.exceptions.replace(rule.except);
    this.#settings = settingsOf(rule, limit, holdFor);
    for (const { alerts } of this.#parts.values()) alerts.settings = this.#settings;
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

  /** Since when there is a pending or firing alert of these labels; undefined where there is none. */
  activeAt(of: TargetState | undefined, labels: Labels): EpochMs | undefined {
    return this.#parts.get(of)?.alerts.activeAt(labels);
  }

  /** How many findings the last evaluation of a target found no place for. */
  cutOf(of: TargetState | undefined): number {
    return this.#parts.get(of)?.cut ?? 0;
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

  /** Ends one alert of a target, because somebody decided so. */
  end(of: TargetState | undefined, { key }: Labels, at: EpochMs, reason: TransitionReason): readonly Transition[] {
    const part = this.#parts.get(of);
    const transitions = part?.alerts.close(at, reason, (labels) => labels.key === key) ?? [];
    if (part !== undefined && of !== undefined) this.#own(part, of);
    return transitions;
  }

  /** Ends everything: the rule is gone. */
  close(at: EpochMs): Ended {
    const parts = [...this.#parts.values()];
    this.#parts.clear();
    this.#owners.clear();
    return ended(parts, at, "rule-removed");
  }

  /** Ends what a target that is watched no longer has of its own. */
  leave(target: TargetState, at: EpochMs): Ended {
    const part = this.#parts.get(target);
    if (!part) return NOTHING;
    this.#parts.delete(target);
    for (const key of part.active) this.#owners.delete(key);
    return ended([part], at, "target-removed");
  }

  /** Where the rule is evaluated for all targets at once: ends the alerts that are about targets watched no longer. */
  leaveShared(concerned: (labels: Labels) => boolean, at: EpochMs): readonly Transition[] {
    return this.#parts.get(undefined)?.alerts.close(at, "target-removed", concerned) ?? [];
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

/** Alerts that ended with their rule or target, and the `ALERTS` series nobody writes any more. */
interface Ended {
  readonly transitions: readonly Transition[];
  readonly published: readonly Labels[];
}

const NOTHING: Ended = { transitions: [], published: [] };

const ended = (parts: readonly Part[], at: EpochMs, reason: TransitionReason): Ended => ({
  transitions: parts.flatMap(({ alerts }) => alerts.close(at, reason)),
  published: parts.flatMap(({ published }) => [...published.values()]),
});

function settingsOf({ for: duration, keepFiringFor, condition }: AlertRule, limit: number, holdFor: DurationMs) {
  const events = condition.kind === "detect" && condition.detect.signal.kind === "models";
  return { for: duration, keepFiringFor, limit, holdFor, events };
}

const twice = (labels: Labels, where: string): string =>
  `the rule gives ${labels} more than once after its labels were applied${where}`;

function isEmpty(alerts: RuleAlerts): boolean {
  for (const _ of alerts.alerts()) return false;
  return true;
}
