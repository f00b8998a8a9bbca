import type { Expr } from "../promql/ast.ts";
import type { Labels } from "../series/labels.ts";
import type { Matcher } from "../series/matchers.ts";
import type { DurationMs, EpochMs } from "../series/time.ts";
import type { Selector, SeriesSignal } from "../signals/types.ts";
import type { Template } from "./template.ts";

export type { Selector };

/** Where in a file something was written; lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What a rule found: who, how much, and the numbers behind it. Plain JSON, the same in the API, replay and webhooks. */
export interface Finding {
  readonly labels: Labels;
  readonly value: number;
  readonly evidence: Evidence;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type Evidence = { readonly [name: string]: Json };

export const MODEL_EVENTS = [
  "loaded",
  "reloaded",
  "unloaded",
  "version_changed",
  "flashed",
  "restarted",
  "vanished",
] as const;
export type ModelEventKind = (typeof MODEL_EVENTS)[number];

/** What a `detect:` rule watches: a statistic of series, or the inventory's own events. */
export type Signal = SeriesSignal | { readonly kind: "models"; readonly events: readonly ModelEventKind[] };

export const DETECTORS = ["counts", "log-mean", "backlog", "gauge", "envelope", "threshold"] as const;
export type DetectorName = (typeof DETECTORS)[number];

export const AGAINST = ["baseline", "anchor"] as const;
export type Against = (typeof AGAINST)[number];

export type Direction = "up" | "down" | "both";

/** A `detect:` block with every default filled in. */
export interface Detect {
  readonly signal: Signal;
  readonly detector: DetectorName;
  readonly by: readonly string[];
  readonly direction: Direction;
  /** What the signal is held against: its learned baseline, or the slow reference behind it. */
  readonly against: Against;
  readonly baseline: Baseline;
  readonly fire: FireWhen;
  /** The score below which a firing subject is calm again. */
  readonly clear: { readonly score: number };
  readonly learning: { readonly widen: number; readonly above: number };
  readonly missing?: Missing;
}

/** What becomes of a rule's alerts while their target cannot be scraped. */
type Missing = "hold" | "resolve";

/** How the learned normal is kept. Part of a detector's identity: rules that differ only elsewhere share one memory. */
export interface Baseline {
  readonly season: "auto" | "none";
  readonly half_life: DurationMs;
}

/** When a subject counts as anomalous. The score is 1 at the detector's own boundary; the rest are further conditions. */
export interface FireWhen {
  readonly score: number;
  /** At least so many bad events (ratio), events (rate) or waiting requests (backlog). */
  readonly min_bad: number;
  /** The value must lie above this, in the signal's unit. */
  readonly above: number;
  /** Or below this, and over how long it is taken: for the detector that is told its bounds. */
  readonly below?: number;
  readonly over?: DurationMs;
  /** The value must lie this many times above (or below) what is expected. */
  readonly times: number;
  /** `above` and `times` for tests that look at five minutes and more. */
  readonly lasting: Lasting;
}

/** What lasts may be smaller to matter. */
export interface Lasting {
  readonly above: number;
  readonly times: number;
}

export type Condition =
  | { readonly kind: "expr"; readonly text: string; readonly tree: Expr }
  | { readonly kind: "detect"; readonly detect: Detect };

/** A known, dated exception: findings that match it do not alert. */
export interface Exception {
  readonly match: readonly Matcher[];
  readonly until?: EpochMs;
  readonly reason: string;
  readonly position: Position;
}

export interface AlertRule {
  readonly kind: "alert";
  readonly name: string;
  readonly group: string;
  readonly condition: Condition;
  readonly for: DurationMs;
  readonly keepFiringFor: DurationMs;
  /** Overrides `evaluation.on_unknown` for this rule. */
  readonly missing?: Missing;
  readonly labels: readonly (readonly [name: string, template: Template])[];
  readonly annotations: readonly (readonly [name: string, template: Template])[];
  readonly except: readonly Exception[];
  readonly position: Position;
}

export interface RecordingRule {
  readonly kind: "record";
  readonly name: string;
  readonly group: string;
  readonly text: string;
  readonly tree: Expr;
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly position: Position;
}

export type Rule = AlertRule | RecordingRule;

/** Rules that share a schedule and run one after the other. */
export interface RuleGroup {
  readonly name: string;
  readonly file: string;
  /** Prometheus' slots; without it `expr:` rules follow the scrapes. */
  readonly interval?: DurationMs;
  readonly queryOffset: DurationMs;
  /** 0 means none. */
  readonly limit: number;
  readonly rules: readonly Rule[];
}
