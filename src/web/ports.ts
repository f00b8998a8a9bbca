import type { Clock } from "../series/clock.ts";
import type { DurationMs, EpochMs } from "../series/time.ts";
import type {
  ApiAlerts,
  ApiAnnounce,
  ApiAnnouncement,
  ApiBuildInfo,
  ApiConfig,
  ApiDeployments,
  ApiEvent,
  ApiEvents,
  ApiFlags,
  ApiLabels,
  ApiModelDetail,
  ApiModels,
  ApiReload,
  ApiRuleGroups,
  ApiRuntimeInfo,
  ApiTargets,
} from "./api-types.ts";
import type { Answer } from "./envelope.ts";
import type { ApiFeedback, ApiGiveFeedback } from "./feedback-types.ts";
import type { ApiMetadata, ApiQueryResult } from "./query-types.ts";
import type { ApiSensitivity } from "./sensitivity-types.ts";
import type { ApiSubjectHistory, ApiSubjects } from "./subject-types.ts";

/** What the web side may ask of the program; the program fills it in. */
export interface WebPorts {
  readonly query: QueryPort;
  readonly actions: ActionPort;
  readonly stream: StreamPort;
  readonly auth: AuthPort;
  readonly clock: Clock;
  /** A packaged runbook in Markdown by its name; undefined where there is none. */
  runbook(name: string): string | undefined;
  /** Told of an error of our own that a request ran into; the request gets a 500. */
  bugCaught(error: unknown): void;
}

export type MetricsFormat = "text" | "openmetrics";

/** What is read from the program as it stands. Filters are Prometheus' selectors, empty meaning everything. */
export interface QueryPort {
  readonly samples: SamplesPort;
  /** The /metrics page. */
  metrics(format: MetricsFormat): Promise<string>;
  /** True from the first scrape on. */
  ready(): boolean;
  stopping(): boolean;
  buildInfo(): ApiBuildInfo;
  config(): ApiConfig;
  flags(): ApiFlags;
  runtimeInfo(): ApiRuntimeInfo;
  reload(): ApiReload;
  targets(): ApiTargets;
  rules(): ApiRuleGroups;
  /** Pending and firing; with `resolved` also those that ended lately. */
  alerts(resolved: boolean): ApiAlerts;
  models(): ApiModels;
  /** Undefined where no such model was ever seen; `instance` may be left out where only one target has it. */
  model(name: string, version: string | undefined, instance: string | undefined): readonly ApiModelDetail[];
  /** Newest first, at most `limit`. */
  events(limit: number, sinceId: number | undefined): ApiEvents;
  deployments(): ApiDeployments;
  subjects(): ApiSubjects;
  sensitivity(): ApiSensitivity;
  subject(id: string): ApiSubjectHistory | undefined;
}

/** What any query of the samples may cost. */
interface QueryBounds {
  /** Absent where the program's own is to hold. */
  readonly timeout?: DurationMs;
  /** Series or names of the answer; 0 for no limit but the program's own. */
  readonly limit: number;
}

/** A PromQL expression. */
interface ExpressionQuery extends QueryBounds {
  readonly expression: string;
  /** How old the newest sample of a series may be; absent: as for rules. */
  readonly lookback?: DurationMs;
}

export interface InstantQuery extends ExpressionQuery {
  /** Absent: now. */
  readonly at?: EpochMs;
}

export interface RangeQuery extends ExpressionQuery {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly step: DurationMs;
}

/** Series that any of the selectors chooses, or all where there is none, and that have a sample in the span. */
export interface SeriesQuery extends QueryBounds {
  readonly selectors: readonly string[];
  readonly from?: EpochMs;
  readonly to?: EpochMs;
}

/** PromQL over the samples held. Nothing asked here takes long, or takes everything: what would is refused. */
export interface SamplesPort {
  instant(query: InstantQuery): Promise<Answer<ApiQueryResult>>;
  range(query: RangeQuery): Promise<Answer<ApiQueryResult>>;
  series(query: SeriesQuery): Promise<Answer<readonly ApiLabels[]>>;
  labelNames(query: SeriesQuery): Promise<Answer<readonly string[]>>;
  labelValues(name: string, query: SeriesQuery): Promise<Answer<readonly string[]>>;
  /** @param metric only of this one @param limit metrics at most, 0 for all */
  metadata(metric: string | undefined, limit: number): ApiMetadata;
}

export type ActionResult<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "refused"; readonly why: string };

/** What changes something. Each call comes from someone who proved who they are. */
export interface ActionPort {
  /** @param who the name of the token used */
  announce(announcement: ApiAnnounce, who: string): Promise<ActionResult<ApiAnnouncement>>;
  /** @returns undefined where no alert of this fingerprint is listed */
  feedback(fingerprint: string, feedback: ApiGiveFeedback, who: string): Promise<ApiFeedback | undefined>;
  reload(who: string): Promise<ActionResult<{ readonly warnings: readonly string[] }>>;
}

/** Events as they happen. */
export interface StreamPort {
  /** Calls back for every event from now on, after those since `lastId` that are still held. @returns ends it */
  subscribe(lastId: number | undefined, told: (event: ApiEvent) => void): () => void;
}

/** Who may change something. */
export interface AuthPort {
  /** `disabled` where no tokens file is configured. */
  check(
    bearer: string | undefined,
  ): Promise<{ readonly kind: "ok"; readonly who: string } | { readonly kind: "disabled" | "refused" }>;
}
