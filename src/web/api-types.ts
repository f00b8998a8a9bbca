/**
 * What the JSON API answers with, Prometheus' shapes where Prometheus has them. Times are RFC 3339 texts, durations seconds,
 * alert values Go's `%e` texts, as there. Shared with the browser part: nothing here is there at run time.
 */

import type { ApiFeedback } from "./feedback-types.ts";
import type { ApiSubject } from "./subject-types.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type ApiLabels = Readonly<Record<string, string>>;

export interface ApiAlert {
  /** Alertmanager's fingerprint: names the alert in paths. */
  readonly fingerprint: string;
  readonly labels: ApiLabels;
  readonly annotations: ApiLabels;
  readonly state: "pending" | "firing" | "resolved";
  readonly activeAt: string;
  readonly firedAt?: string;
  readonly resolvedAt?: string;
  readonly keepFiringSince?: string;
  readonly value: string;
  readonly evidence: { readonly [name: string]: Json };
  /** The rule cannot be evaluated now: this is how the alert was. */
  readonly stale?: boolean;
  /** Fingerprints of alerts that keep it back: email and webhook are not told of it. */
  readonly inhibitedBy?: readonly string[];
  /** What somebody said of it. */
  readonly feedback?: ApiFeedback;
}

export interface ApiAlerts {
  readonly alerts: readonly ApiAlert[];
}

export interface ApiRuleGroups {
  readonly groups: readonly ApiRuleGroup[];
}

export interface ApiRuleGroup {
  readonly name: string;
  readonly file: string;
  /** Seconds; 0 where the group follows the scrapes. */
  readonly interval: number;
  readonly limit: number;
  readonly rules: readonly (ApiAlertingRule | ApiRecordingRule)[];
  readonly evaluationTime: number;
  readonly lastEvaluation: string;
}

interface ApiRuleHealth {
  readonly health: "unknown" | "ok" | "err";
  readonly lastError?: string;
  /** Seconds the last evaluation took. */
  readonly evaluationTime: number;
  readonly lastEvaluation: string;
  /** `file:line:column`. */
  readonly position: string;
}

export interface ApiAlertingRule extends ApiRuleHealth {
  readonly type: "alerting";
  readonly name: string;
  readonly state: "inactive" | "pending" | "firing";
  /** The expression; for a `detect:` rule the block as JSON. */
  readonly query: string;
  readonly kind: "expr" | "detect";
  readonly duration: number;
  readonly keepFiringFor: number;
  readonly labels: ApiLabels;
  readonly annotations: ApiLabels;
  readonly exceptions: readonly ApiException[];
  /** null with `exclude_alerts=true`. */
  readonly alerts: readonly ApiAlert[] | null;
}

/** A known exception: findings that match it do not alert. */
export interface ApiException {
  /** PromQL matchers; all of them hold. */
  readonly match: readonly string[];
  readonly until?: string;
  readonly reason: string;
  /** `file:line:column`. */
  readonly position: string;
  /** Findings it kept from alerting, counted at each evaluation. */
  readonly hits: number;
  readonly expired: boolean;
}

interface ApiRecordingRule extends ApiRuleHealth {
  readonly type: "recording";
  readonly name: string;
  readonly query: string;
  readonly labels: ApiLabels;
}

export interface ApiTargets {
  readonly activeTargets: readonly ApiTarget[];
  readonly droppedTargets: readonly {
    readonly discoveredLabels: ApiLabels;
    readonly scrapePool: string;
    readonly why: string;
  }[];
  readonly droppedTargetCounts: Readonly<Record<string, number>>;
}

export interface ApiTarget {
  readonly discoveredLabels: ApiLabels;
  readonly labels: ApiLabels;
  readonly scrapePool: string;
  /** Without credentials. */
  readonly scrapeUrl: string;
  readonly globalUrl: string;
  readonly lastError: string;
  readonly lastScrape: string;
  readonly lastScrapeDuration: number;
  readonly health: "unknown" | "up" | "down";
  readonly scrapeInterval: string;
  readonly scrapeTimeout: string;
}

export interface ApiModels {
  readonly models: readonly ApiModel[];
}

export interface ApiModel {
  /** job, instance and what the target carries; model, version and perhaps namespace. */
  readonly labels: ApiLabels;
  readonly serving: boolean;
  readonly firstSeen: string;
  readonly servingSince?: string;
  readonly goneAt?: string;
  /** Seconds its last load took. */
  readonly loadSeconds?: number;
  readonly successes?: number;
  readonly failures?: number;
}

/** One model version with all that is known of it. */
export interface ApiModelDetail extends ApiModel {
  readonly events: readonly ApiEvent[];
  readonly alerts: readonly ApiAlert[];
  readonly subjects: readonly ApiSubject[];
}

export interface ApiEvents {
  /** Newest first. */
  readonly events: readonly ApiEvent[];
}

/** Something that happened: to a model, an alert, a target, an announcement or the program. */
export interface ApiEvent {
  /** Grows; `since_id` of the events endpoint and `Last-Event-ID` of the stream. */
  readonly id: number;
  readonly at: string;
  readonly kind: "model" | "alert" | "target" | "announcement" | "feedback" | "reload" | "error";
  /** What exactly: loaded, firing, down, accepted, … */
  readonly what: string;
  readonly labels: ApiLabels;
  /** One sentence for people. */
  readonly text: string;
  readonly details: { readonly [name: string]: Json };
}

export interface ApiDeployments {
  readonly windows: readonly {
    readonly name: string;
    readonly reason: string;
    readonly match: readonly string[];
    readonly times: string;
  }[];
  readonly announcements: readonly ApiAnnouncement[];
}

export interface ApiAnnouncement {
  readonly instance?: string;
  readonly model: string;
  readonly version?: string;
  readonly by: string;
  readonly reason: string;
  readonly from: string;
  readonly until: string;
}

export interface ApiBuildInfo {
  readonly version: string;
  readonly revision: string;
  readonly nodeVersion: string;
}

export interface ApiRuntimeInfo {
  readonly startTime: string;
  readonly serverTime: string;
  readonly lastConfigTime: string;
  readonly reloadConfigSuccess: boolean;
  /** Why the last reload failed. */
  readonly reloadConfigError?: string;
  readonly timeSeriesCount: number;
  readonly storeBytes: number;
  readonly storeReachSeconds: number;
  readonly residentBytes: number;
  /** Subjects of detectors that still learn, and what that one lacks which takes longest. */
  readonly learning: { readonly subjects: number; readonly slowest?: string };
  readonly targets: number;
  readonly targetsUp: number;
  readonly models: number;
  readonly rules: number;
  readonly alerts: { readonly pending: number; readonly firing: number };
  readonly outputs: readonly ApiOutput[];
}

/** How the last loading of the configuration went, and what it did. */
export interface ApiReload {
  /** When the last attempt ended. */
  readonly at: string;
  readonly trigger: "start" | "signal" | "api" | "files";
  readonly success: boolean;
  /** Why it was refused: every mistake with its place. What was in force before stays so. */
  readonly error?: string;
  /** When the configuration in force was loaded. */
  readonly loadedAt: string;
  readonly configHash: string;
  /** Names of rules that the last successful reload added, removed or changed. */
  readonly rules: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  };
  /** Alerts that ended with their rule. */
  readonly alertsEnded: number;
  /** What takes a restart. */
  readonly warnings: readonly string[];
}

/** How delivery to one output goes. */
export interface ApiOutput {
  readonly kind: "alertmanager" | "email" | "webhook" | "log";
  readonly name: string;
  readonly queued: number;
  readonly sent: number;
  readonly failed: number;
  readonly dropped: number;
  readonly lastError?: string;
}

export interface ApiConfig {
  /** The configuration in force with every default, secrets as `<secret>`. */
  readonly yaml: string;
}

export type ApiFlags = Readonly<Record<string, string>>;

/** Body of `POST /api/v1/deployments`. */
export interface ApiAnnounce {
  readonly instance?: string;
  readonly model: string;
  readonly version?: string;
  /** Prometheus' duration, from now. */
  readonly ttl: string;
  readonly by: string;
  readonly reason: string;
}
