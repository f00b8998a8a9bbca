import type { Entry } from "../../models/entries.ts";
import type { TargetState } from "../../monitor/target-state.ts";
import type { World } from "../../monitor/world.ts";
import type { Labels } from "../../series/labels.ts";
import { type EpochMs, formatTime } from "../../series/time.ts";
import type { ApiEvent, ApiLabels, ApiModel, ApiModelDetail } from "../../web/api-types.ts";
import { showAlerts } from "./alert-views.ts";
import { showSubjects } from "./subject-views.ts";

const MOST_EVENTS = 100;

/** The models of a target that are remembered, those that are gone among them. */
export type ModelsOf = (target: TargetState) => Iterable<Entry>;

/** What is said of a model in detail comes from several views. */
export interface ModelSources {
  readonly world: World;
  readonly modelsOf: ModelsOf;
  /** Tells which alert keeps back another one. */
  readonly inhibitedBy: (own: Labels, firedAt: EpochMs) => Labels | undefined;
  events(limit: number, wanted: (event: ApiEvent) => boolean): readonly ApiEvent[];
}

/** Every model version of every target. */
export function* showModels(world: World, modelsOf: ModelsOf): Iterable<ApiModel> {
  for (const target of world.targets.values())
    for (const entry of modelsOf(target)) yield showModel(target.labels, entry);
}

/** A model in detail, once for each target and version that has it. */
export function showModelDetails(
  { world, modelsOf, events, inhibitedBy }: ModelSources,
  wanted: { readonly model: string; readonly version: string | undefined; readonly instance: string | undefined },
): readonly ApiModelDetail[] {
  const asked = Object.entries(wanted).filter(([, value]) => value !== undefined);
  const models = [...showModels(world, modelsOf)].filter(({ labels }) =>
    asked.every(([n, value]) => labels[n] === value),
  );
  if (models.length === 0) return [];
  const alerts = showAlerts(world, true, inhibitedBy).alerts.filter(({ labels }) => labels["model"] === wanted.model);
  const subjects = [...showSubjects(world)].filter(({ labels }) => labels["model"] === wanted.model);
  return models.map((model) => {
    const about = ({ labels }: { readonly labels: ApiLabels }) => isAbout(labels, model.labels);
    return {
      ...model,
      events: events(MOST_EVENTS, (event) => event.labels["model"] === wanted.model && about(event)),
      alerts: alerts.filter(about),
      subjects: subjects.filter(about),
    };
  });
}

/** Whether labels name this model version, or its model without saying which version or target. */
const isAbout = (labels: ApiLabels, model: ApiLabels): boolean =>
  ["job", "instance", "model", "version", "namespace"].every((name) => {
    return labels[name] === undefined || labels[name] === model[name];
  });

function showModel(target: Labels, entry: Entry): ApiModel {
  const { id, firstSeen, serving, servesSince, goneAt, loadSeconds, successes, failures } = entry;
  return {
    labels: target.with(id).toJSON(),
    serving,
    firstSeen: formatTime(firstSeen),
    ...(serving && servesSince !== undefined && { servingSince: formatTime(servesSince) }),
    ...(goneAt !== undefined && { goneAt: formatTime(goneAt) }),
    ...(loadSeconds !== undefined && { loadSeconds }),
    ...(successes !== undefined && { successes }),
    ...(failures !== undefined && { failures }),
  };
}
