import { RuleAlerts } from "../alerts/rule-alerts.ts";
import type { AlertRule } from "../rules/types.ts";
import type { DurationMs, EpochMs } from "../series/time.ts";

/** One alerting rule at work: its alerts and how its last evaluation went. */
export class RuleState {
  readonly rule: AlertRule;
  readonly alerts: RuleAlerts;
  health: "unknown" | "ok" | "err" = "unknown";
  lastError: string | undefined;
  lastEvaluation: EpochMs | undefined;
  /** Findings the newest evaluation had to leave out because of the group's limit. */
  cut = 0;

  constructor(rule: AlertRule, limit: number, holdFor: DurationMs) {
    this.rule = rule;
    const { condition, keepFiringFor } = rule;
    const events = condition.kind === "detect" && condition.detect.signal.kind === "models";
    this.alerts = new RuleAlerts({ for: rule.for, keepFiringFor, limit, holdFor, events });
  }

  succeeded(at: EpochMs, cut: number): void {
    this.health = "ok";
    this.cut = cut;
    this.lastError = undefined;
    this.lastEvaluation = at;
  }

  /** Its alerts are left as they are: a query that fails must not look like a recovery. */
  failed(at: EpochMs, why: string): void {
    this.health = "err";
    this.lastError = why;
    this.lastEvaluation = at;
  }
}
