import type { Transition } from "../alerts/types.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import { step } from "../monitor/step.ts";
import { World } from "../monitor/world.ts";
import { openRecording } from "./recorded-scrapes.ts";
import { type Settings, worldOptions } from "./settings.ts";

/** What a replay came to. */
export interface ReplaySummary {
  scrapes: number;
  failed_scrapes: number;
  samples: number;
  /** Series held at the end of each recording, together. */
  series: number;
  transitions: number;
  firing_at_end: number;
  /** Lines of sources this program does not read. */
  skipped: number;
}

/**
 * Feeds recordings through the same `step` as `run`, on the recordings' clock; each into a world of its own.
 * @param path a recording, or "-"
 * @param tell hears every event in order
 * @param ended sees each recording's world at its end
 * @throws UserMistake on a recording or rules that cannot be used
 */
export async function replay(
  settings: Settings,
  paths: readonly string[],
  tell: (event: MonitorEvent) => void,
  ended: (world: World) => void = () => {},
): Promise<ReplaySummary> {
  const summary: ReplaySummary = {
    scrapes: 0,
    failed_scrapes: 0,
    samples: 0,
    series: 0,
    transitions: 0,
    firing_at_end: 0,
    skipped: 0,
  };
  for (const path of paths) {
    const { spacing, batches } = await openRecording(path, () => summary.skipped++);
    const world = new World(await worldOptions(settings, spacing));
    for await (const scrapes of batches) {
      for (const event of step(world, scrapes, scrapes[0]!.at)) {
        count(event, summary);
        tell(event);
      }
    }
    for (const target of world.targets.values()) summary.series += target.table.size;
    for (const rule of world.ruleStates.values()) {
      for (const { is } of rule.alerts()) if (is.state === "firing") summary.firing_at_end++;
    }
    ended(world);
  }
  return summary;
}

function count(event: MonitorEvent, summary: ReplaySummary): void {
  if (event.kind === "transition") summary.transitions++;
  if (event.kind !== "scraped") return;
  summary.scrapes++;
  if (event.outcome === "page") summary.samples += event.samples;
  else summary.failed_scrapes++;
}

/**
 * A transition as one JSON object: the replay contract, which others build on. JSON has no NaN and no infinities: there the
 * value is their name as text ("NaN", "Infinity", "-Infinity"), which `Number` reads back.
 */
export function transitionLine(transition: Transition): Record<string, unknown> {
  const { at, state, reason, labels, annotations, value, evidence } = transition;
  return {
    at: new Date(at).toISOString(),
    t: at,
    state,
    ...(reason !== undefined && { reason }),
    alertname: labels.get("alertname"),
    labels: labels.toJSON(),
    annotations,
    value: Number.isFinite(value) ? value : String(value),
    evidence,
  };
}
