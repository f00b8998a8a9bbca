import type { MonitorEvent } from "../../monitor/events.ts";
import type { World } from "../../monitor/world.ts";
import type { Labels } from "../../series/labels.ts";
import { type EpochMs, formatTime } from "../../series/time.ts";
import type {
  ApiAlerts,
  ApiBuildInfo,
  ApiConfig,
  ApiDeployments,
  ApiEvents,
  ApiFlags,
  ApiModelDetail,
  ApiModels,
  ApiOutput,
  ApiReload,
  ApiRuleGroups,
  ApiRuntimeInfo,
  ApiTargets,
} from "../../web/api-types.ts";
import type { MetricsFormat, QueryPort } from "../../web/ports.ts";
import type { ApiSensitivity } from "../../web/sensitivity-types.ts";
import type { ApiSubjectHistory, ApiSubjects } from "../../web/subject-types.ts";
import type { EventLog } from "../event-log.ts";
import type { ReloadReport } from "../reload.ts";
import { showAlerts } from "./alert-views.ts";
import { showDeployments } from "./deployment-views.ts";
import { showAllLearning } from "./learning-views.ts";
import { type ModelsOf, showModelDetails, showModels } from "./model-views.ts";
import { QueryViews } from "./query-views.ts";
import { showRules } from "./rule-views.ts";
import { showSensitivity } from "./sensitivity-views.ts";
import { showSubjectHistory, showSubjects } from "./subject-views.ts";
import { countUp, LastScrapes, showTargets, type TargetSet } from "./target-views.ts";

/** What the views are made from. */
export interface ApiSources {
  readonly world: World;
  readonly buildInfo: ApiBuildInfo;
  readonly startedAt: EpochMs;
  readonly flags: ApiFlags;
  readonly events: EventLog;
  readonly modelsOf: ModelsOf;
  now(): EpochMs;
  stopping(): boolean;
  /** The configuration in force as YAML, without secrets. */
  configText(): string;
  targets(): TargetSet;
  outputs(): readonly ApiOutput[];
  /** Tells which alert keeps back another one; both by their own labels. */
  inhibitedBy(): (own: Labels, firedAt: EpochMs) => Labels | undefined;
  reload(): ReloadReport;
  residentBytes(): number;
  metrics(format: MetricsFormat): Promise<string>;
}

/** The program as the API shows it. It is told what every step did, and reads the rest from the world when asked. */
export class ApiViews implements QueryPort {
  readonly samples: QueryViews;
  readonly #from: ApiSources;
  readonly #scrapes = new LastScrapes();
  /** A target was scraped, whatever came of it; stays so when it goes. */
  #ready = false;

  constructor(from: ApiSources) {
    this.#from = from;
    this.samples = new QueryViews(from);
  }

  /** Takes note of what a step did. */
  tell(event: MonitorEvent): void {
    this.#ready ||= event.kind === "scraped";
    this.#scrapes.tell(event);
  }

  metrics(format: MetricsFormat): Promise<string> {
    return this.#from.metrics(format);
  }

  ready(): boolean {
    return this.#ready;
  }

  stopping(): boolean {
    return this.#from.stopping();
  }

  buildInfo(): ApiBuildInfo {
    return this.#from.buildInfo;
  }

  config(): ApiConfig {
    return { yaml: this.#from.configText() };
  }

  flags(): ApiFlags {
    return this.#from.flags;
  }

  targets(): ApiTargets {
    return showTargets(this.#from.targets(), this.#scrapes);
  }

  rules(): ApiRuleGroups {
    return showRules(this.#from.world);
  }

  alerts(resolved: boolean): ApiAlerts {
    return showAlerts(this.#from.world, resolved, this.#from.inhibitedBy());
  }

  models(): ApiModels {
    return { models: [...showModels(this.#from.world, this.#from.modelsOf)] };
  }

  model(model: string, version: string | undefined, instance: string | undefined): readonly ApiModelDetail[] {
    const { world, modelsOf, events, inhibitedBy } = this.#from;
    const newest: Parameters<typeof showModelDetails>[0]["events"] = (limit, wanted) =>
      events.newest(limit, undefined, wanted).events;
    return showModelDetails(
      { world, modelsOf, events: newest, inhibitedBy: inhibitedBy() },
      { model, version, instance },
    );
  }

  events(limit: number, sinceId: number | undefined): ApiEvents {
    return this.#from.events.newest(limit, sinceId);
  }

  deployments(): ApiDeployments {
    return showDeployments(this.#from.world.deployments, this.#from.now());
  }

  sensitivity(): ApiSensitivity {
    return showSensitivity(this.#from.world);
  }

  subjects(): ApiSubjects {
    return { subjects: [...showSubjects(this.#from.world)] };
  }

  subject(id: string): ApiSubjectHistory | undefined {
    return showSubjectHistory(this.#from.world, id);
  }

  reload(): ApiReload {
    const { at, trigger, error, loadedAt, hash, changes, warnings } = this.#from.reload();
    const { added, removed, changed, ended } = changes;
    return {
      at: formatTime(at),
      trigger,
      success: error === undefined,
      ...(error !== undefined && { error }),
      loadedAt: formatTime(loadedAt),
      configHash: hash,
      rules: { added, removed, changed },
      alertsEnded: ended,
      warnings,
    };
  }

  runtimeInfo(): ApiRuntimeInfo {
    const { world, startedAt, now, reload, residentBytes, outputs, targets } = this.#from;
    const { loadedAt, error } = reload();
    const { store } = world;
    return {
      startTime: formatTime(startedAt),
      serverTime: formatTime(now()),
      lastConfigTime: formatTime(loadedAt),
      reloadConfigSuccess: error === undefined,
      ...(error !== undefined && { reloadConfigError: error }),
      timeSeriesCount: [...store.tables()].reduce((sum, table) => sum + table.size, store.recorder.size),
      storeBytes: store.bytes,
      storeReachSeconds: store.historyReach(now()) / 1000,
      residentBytes: residentBytes(),
      learning: showAllLearning(world),
      targets: targets().active.length,
      targetsUp: countUp(world),
      models: countServing(world),
      rules: world.ruleStates.size + world.recordStates.size,
      alerts: countAlerts(world),
      outputs: outputs(),
    };
  }
}

function countServing(world: World): number {
  let serving = 0;
  for (const { inventory } of world.targets.values()) for (const _ of inventory.serving()) serving++;
  return serving;
}

function countAlerts(world: World): ApiRuntimeInfo["alerts"] {
  const counts = { pending: 0, firing: 0, resolved: 0 };
  for (const state of world.ruleStates.values()) for (const { is } of state.alerts()) counts[is.state]++;
  return { pending: counts.pending, firing: counts.firing };
}
