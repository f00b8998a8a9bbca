import { Deployments } from "../alerts/deployments.ts";
import { Kinship } from "../rules/siblings.ts";
import type { AlertRule, RecordingRule, RuleGroup } from "../rules/types.ts";
import type { Labels } from "../series/labels.ts";
import { SeriesStore } from "../series/store.ts";
import type { EpochMs } from "../series/time.ts";
import { EndedAlerts } from "./ended-alerts.ts";
import { FleetBudget } from "./fleet-budget.ts";
import { GivenFeedback } from "./given-feedback.ts";
import { GroupClock } from "./group-clock.ts";
import type { WorldOptions } from "./options.ts";
import { RecordState } from "./record-state.ts";
import type { RuleSet } from "./rule-set.ts";
import { RuleState } from "./rule-state.ts";
import { SubjectHistory } from "./subject-history.ts";
import { TargetRules } from "./target-rules.ts";
import { TargetState } from "./target-state.ts";

/** Everything the monitor knows: samples, models, what detectors learned, alerts. Changed by `step` only. */
export class World {
  /** Replaced by a reload. */
  options: WorldOptions;
  readonly store: SeriesStore;
  readonly targets = new Map<string, TargetState>();
  readonly targetRules = new Map<TargetState, TargetRules>();
  /** In the order of the rule files. */
  readonly ruleStates = new Map<AlertRule, RuleState>();
  readonly recordStates = new Map<RecordingRule, RecordState>();
  readonly deployments: Deployments;
  /** Alerts that ended because their rule or target went. */
  readonly ended = new EndedAlerts();
  readonly feedback = new GivenFeedback();
  readonly budget: FleetBudget;
  readonly history: SubjectHistory;
  readonly clock: GroupClock;
  /** When the last step was; undefined before the first. */
  lastTick: EpochMs | undefined;
  readonly #kinship = new Kinship();
  readonly #byInstance = new Map<string, readonly TargetState[]>();
  /** Bugs caught so far, by where. */
  readonly bugs = { page: 0, rule: 0 };
  /** The page on which the newest bug showed, for whoever looks into it: its beginning, and how long it was. */
  offending:
    | { readonly target: Labels; readonly at: EpochMs; readonly page: Uint8Array; readonly length: number }
    | undefined;
  /** What was refused on targets that are gone. */
  readonly #refused = { models: 0, subjects: 0 };

  constructor(options: WorldOptions) {
    this.options = options;
    this.store = new SeriesStore(options.historyBytes);
    this.store.reach = options.rules.reach;
    this.deployments = new Deployments(options.windows);
    this.budget = new FleetBudget(options.falseAlarmsPerWeek);
    this.history = new SubjectHistory(options.subjectHistoryBytes);
    this.clock = new GroupClock(options.evaluation.interval);
    const { holdFor } = options.evaluation;
    for (const group of this.rules.groups) {
      for (const rule of group.rules) {
        if (rule.kind === "alert") this.ruleStates.set(rule, new RuleState(rule, group.limit, holdFor));
        else this.recordStates.set(rule, new RecordState(rule));
      }
    }
  }

  get rules(): RuleSet {
    return this.options.rules;
  }

  /** Asked anew each time: rules may be replaced. */
  readonly #families = {
    wants: (family: string): boolean => this.rules.wants(family),
    owns: (family: string): boolean => this.rules.owns(family),
  };

  /** The state of a target, made on first sight. */
  target(labels: Labels): TargetState {
    let target = this.targets.get(labels.key);
    if (!target) {
      const table = this.store.table(labels);
      target = new TargetState(labels, table, this.#families, this.options.page(labels));
      this.targets.set(labels.key, target);
      const instance = labels.get("instance") ?? "";
      if (instance !== "") this.#byInstance.set(instance, [...(this.#byInstance.get(instance) ?? []), target]);
      const rules = new TargetRules(table, this.#kinship, this.history.join());
      rules.install(this.rules.alertRules(), this.options.evaluation.calendar);
      this.targetRules.set(target, rules);
    }
    return target;
  }

  /** Forgets a target: its samples, its models, what was learned of it. Its alerts are the caller's business. */
  forget(target: TargetState): void {
    const { labels } = target;
    const rules = this.targetRules.get(target);
    this.#refused.models += target.refusedModels;
    this.#refused.subjects += rules?.refused ?? 0;
    rules?.close();
    this.targets.delete(labels.key);
    this.targetRules.delete(target);
    const instance = labels.get("instance") ?? "";
    const others = this.#byInstance.get(instance)?.filter((other) => other !== target) ?? [];
    if (others.length > 0) this.#byInstance.set(instance, others);
    else this.#byInstance.delete(instance);
    this.store.drop(labels);
  }

  /** The targets that labels of a series or an alert speak of: those of its instance (and of its job, where it names one). */
  targetsOf(labels: Labels): readonly TargetState[] {
    const targets = this.#byInstance.get(labels.get("instance") ?? "") ?? [];
    const job = labels.get("job");
    return job === undefined ? targets : targets.filter((target) => target.labels.get("job") === job);
  }

  /** Whether nothing can be said about an alert's subject: a target it speaks of could not be scraped. */
  unknown(labels: Labels): boolean {
    return this.targetsOf(labels).some((target) => target.down);
  }

  /** When a target last answered, over all targets. */
  get lastScrape(): EpochMs | undefined {
    let last: EpochMs | undefined;
    for (const { lastSuccess } of this.targets.values()) {
      if (lastSuccess !== undefined && lastSuccess >= (last ?? lastSuccess)) last = lastSuccess;
    }
    return last;
  }

  /** When a group's rules were last evaluated, and how many seconds they took together. */
  evaluationOf(group: RuleGroup): { readonly last: EpochMs | undefined; readonly seconds: number } {
    let last: EpochMs | undefined;
    let seconds = 0;
    for (const rule of group.rules) {
      const state = rule.kind === "alert" ? this.ruleStates.get(rule) : this.recordStates.get(rule);
      const at = state?.lastEvaluation;
      if (at !== undefined && at >= (last ?? at)) last = at;
      seconds += state?.evaluationSeconds ?? 0;
    }
    return { last, seconds };
  }

  /** How often something found no room since the start: series of targets, series of our own, models, subjects of rules. */
  refused(): {
    readonly series: number;
    readonly recorded: number;
    readonly models: number;
    readonly subjects: number;
  } {
    let { models, subjects } = this.#refused;
    for (const target of this.targets.values()) models += target.refusedModels;
    for (const rules of this.targetRules.values()) subjects += rules.refused;
    return { series: this.store.refused, recorded: this.store.recorder.refused, models, subjects };
  }
}
