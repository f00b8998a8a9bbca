import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";

/** An alert as the page shows it; one that has vanished is kept at 0 for a while by whoever gives it. */
export interface AlertView {
  /** The alert's own, with alertname. */
  readonly labels: Labels;
  /** 0 inactive, 1 pending, 2 firing. */
  readonly state: 0 | 1 | 2;
  readonly severity: string;
  /** When its condition first held; absent where it is inactive. */
  readonly activeSince?: EpochMs;
}

/** What a detector thinks of one subject of one rule. */
export interface SubjectView {
  readonly rule: string;
  readonly labels: Labels;
  readonly observed?: number;
  readonly expected?: number;
  readonly lower?: number;
  readonly upper?: number;
  /** 1 is the boundary. */
  readonly score: number;
  readonly learning: boolean;
  readonly normal: boolean;
}

/** How sensitive one rule over statistics is. */
export interface RuleView {
  /** `rule`, and what tells it from others of its name. */
  readonly labels: Labels;
  readonly subjects: number;
  readonly noisy: number;
  /** Nats that a budget adds to its thresholds. */
  readonly raise: number;
}

/** A model version that is known. */
export interface ModelView {
  readonly labels: Labels;
  readonly firstSeen: EpochMs;
}

/** How often one kind of event (label `event`) has happened to a model version, and when last. */
export interface ModelEventView {
  readonly labels: Labels;
  readonly count: number;
  readonly lastAt: EpochMs;
}

/** The last scrape of a target and its failures so far by kind. */
export interface TargetView {
  readonly labels: Labels;
  readonly up: boolean;
  readonly durationSeconds: number;
  readonly samples: number;
  readonly bodyBytes: number;
  readonly lastSuccess?: EpochMs;
  readonly failures: ReadonlyMap<string, number>;
}

/** An exception of an alerting rule, and how many findings it kept from alerting. */
export interface ExceptionView {
  readonly alertname: string;
  /** `file:line` of where it is written. */
  readonly position: string;
  readonly hits: number;
}

/** What the page reads; each is asked once a page. */
export interface ExporterViews {
  alerts(): Iterable<AlertView>;
  exceptions(): Iterable<ExceptionView>;
  subjects(): Iterable<SubjectView>;
  rules(): Iterable<RuleView>;
  models(): Iterable<ModelView>;
  modelEvents(): Iterable<ModelEventView>;
  targets(): Iterable<TargetView>;
}
