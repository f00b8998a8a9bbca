import type { Deployments } from "../alerts/deployments.ts";
import { DEFAULT_PAGE_LIMITS, type PageLimits } from "../exposition/page.ts";
import type { TemplateContext } from "../rules/to-alert.ts";
import type { AlertRule, RecordingRule, Rule } from "../rules/types.ts";
import { Labels } from "../series/labels.ts";
import { SeriesStore } from "../series/store.ts";
import { type DurationMs, durationMs, type EpochMs, HOUR, MINUTE } from "../series/time.ts";
import { GroupClock } from "./group-clock.ts";
import type { RuleSet } from "./rule-set.ts";
import { RuleState } from "./rule-state.ts";
import { TargetRules } from "./target-rules.ts";
import { TargetState } from "./target-state.ts";

/** How rules are evaluated; each deviation from Prometheus is a switch. */
export interface Evaluation {
  /** `expr:` rules run at most once in this time. */
  readonly interval: DurationMs;
  readonly lookback: DurationMs;
  /** What becomes of a rule's alerts while it cannot be evaluated. */
  readonly onError: "hold" | "resolve";
  /** What becomes of an alert whose target cannot be scraped. */
  readonly onUnknown: "hold" | "resolve";
  /** How long it is held at most. */
  readonly holdFor: DurationMs;
}

export interface WorldOptions extends TemplateContext {
  readonly rules: RuleSet;
  readonly evaluation: Evaluation;
  readonly deployments: Deployments;
  /** Bytes for history beyond what rules read. */
  readonly historyBytes: number;
  /** What a page of a target may be. */
  readonly limits: (target: Labels) => PageLimits;
  /** Measures how long rules take; absent where nobody wants to know, so that a replay is the same on every machine. */
  readonly probe?: Probe;
}

/** A stopwatch from outside and whoever wants its readings. */
interface Probe {
  /** Seconds since any fixed point. */
  now(): number;
  evaluated(rule: Rule, seconds: number, failure: string | undefined): void;
}

export const DEFAULT_EVALUATION: Evaluation = {
  interval: durationMs(15_000),
  lookback: durationMs(5 * MINUTE),
  onError: "hold",
  onUnknown: "hold",
  holdFor: HOUR,
};

/** What a world is when nobody says otherwise. */
export const DEFAULT_WORLD = {
  evaluation: DEFAULT_EVALUATION,
  historyBytes: 128 * 1024 * 1024,
  limits: () => DEFAULT_PAGE_LIMITS,
  externalLabels: Labels.EMPTY,
  externalURL: "",
} as const;

/** Everything the monitor knows: samples, models, what detectors learned, alerts. Changed by `step` only. */
export class World {
  readonly options: WorldOptions;
  readonly store: SeriesStore;
  rules: RuleSet;
  readonly targets = new Map<string, TargetState>();
  readonly targetRules = new Map<TargetState, TargetRules>();
  readonly ruleStates = new Map<AlertRule, RuleState>();
  /** What each recording rule wrote last: series that are not written again become stale. */
  readonly recorded = new Map<RecordingRule, ReadonlyMap<string, { readonly labels: Labels }>>();
  readonly clock: GroupClock;
  /** When the last step was; undefined before the first. */
  lastTick: EpochMs | undefined;
  readonly #byInstance = new Map<string, TargetState[]>();
  /** Bugs caught so far, by where. */
  readonly bugs = { page: 0, rule: 0 };
  /** The page on which the newest bug showed, for whoever looks into it. */
  offending: Uint8Array | undefined;

  constructor(options: WorldOptions) {
    this.options = options;
    this.rules = options.rules;
    this.store = new SeriesStore(options.historyBytes);
    this.store.reach = options.rules.reach;
    this.clock = new GroupClock(options.evaluation.interval);
    for (const group of this.rules.groups) {
      for (const rule of group.rules) {
        if (rule.kind === "alert")
          this.ruleStates.set(rule, new RuleState(rule, group.limit, options.evaluation.holdFor));
      }
    }
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
      target = new TargetState(labels, table, this.#families, this.options.limits(labels));
      this.targets.set(labels.key, target);
      const instance = labels.get("instance") ?? "";
      if (instance !== "") this.#byInstance.set(instance, [...(this.#byInstance.get(instance) ?? []), target]);
      this.targetRules.set(target, new TargetRules(table, this.rules.alertRules()));
    }
    return target;
  }

  /** Whether nothing can be said about an alert's subject: its instance (of its job, where it names one) could not be scraped. */
  unknown(labels: Labels): boolean {
    const targets = this.#byInstance.get(labels.get("instance") ?? "");
    if (targets === undefined) return false;
    const job = labels.get("job");
    return targets.some((target) => target.down && (job === undefined || job === target.labels.get("job")));
  }

  /** When a target last answered, over all targets. */
  get lastScrape(): EpochMs | undefined {
    let last: EpochMs | undefined;
    for (const { lastSuccess } of this.targets.values()) {
      if (lastSuccess !== undefined && lastSuccess >= (last ?? lastSuccess)) last = lastSuccess;
    }
    return last;
  }
}
