import type { ChangeWindow } from "../alerts/change-windows.ts";
import { DEFAULT_PAGE_LIMITS, type PageLimits } from "../exposition/page.ts";
import type { TemplateContext } from "../rules/to-alert.ts";
import type { Rule } from "../rules/types.ts";
import { Labels } from "../series/labels.ts";
import type { RelabelRule } from "../series/relabel-rule.ts";
import { type DurationMs, durationMs, HOUR, MINUTE } from "../series/time.ts";
import { type Calendar, UTC } from "../series/time-zone.ts";
import type { RuleSet } from "./rule-set.ts";

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
  /** Whose hours and days off daily profiles follow. */
  readonly calendar: Calendar;
}

/** What a page of a target may be, and what becomes of its labels. */
export interface PageRules {
  readonly limits: PageLimits;
  /** Whether the page's own labels win over the target's; never over its `job` and `instance`. */
  readonly honorLabels: boolean;
  readonly metricRelabel: readonly RelabelRule[];
}

/** Everything about a world that may be replaced while it runs. */
export interface ReloadableOptions extends TemplateContext {
  readonly rules: RuleSet;
  readonly evaluation: Evaluation;
  /** Of the whole fleet; undefined leaves every threshold as it is. */
  readonly falseAlarmsPerWeek: number | undefined;
  /** Times at which model changes need no announcement. */
  readonly windows: readonly ChangeWindow[];
  readonly page: (target: Labels) => PageRules;
  /** Bytes for history of samples beyond what rules read. */
  readonly historyBytes: number;
  /** Bytes for how subjects stood over time. */
  readonly subjectHistoryBytes: number;
}

export interface WorldOptions extends ReloadableOptions {
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
  calendar: UTC,
};

export const DEFAULT_PAGE_RULES: PageRules = { limits: DEFAULT_PAGE_LIMITS, honorLabels: false, metricRelabel: [] };

/** What a world is when nobody says otherwise. */
export const DEFAULT_WORLD = {
  evaluation: DEFAULT_EVALUATION,
  falseAlarmsPerWeek: undefined,
  windows: [],
  historyBytes: 128 * 1024 * 1024,
  subjectHistoryBytes: 32 * 1024 * 1024,
  page: () => DEFAULT_PAGE_RULES,
  externalLabels: Labels.EMPTY,
  externalURL: "",
} as const;
