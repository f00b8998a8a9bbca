import type { ModelEvent } from "../models/events.ts";
import { Labels } from "../series/labels.ts";
import { formatTime } from "../series/time.ts";
import type { Finding, Json } from "./types.ts";

/**
 * A model event as a rule's finding.
 * @param considered which announcements were looked at, and why none of them covers this event
 */
export function modelFinding(
  event: ModelEvent,
  instance: Labels,
  by: readonly string[],
  considered: readonly string[],
): Finding {
  const id = event.kind === "restarted" ? Labels.EMPTY : event.id;
  return {
    labels: instance.with(id).only(...by),
    value: amountOf(event),
    evidence: {
      signal: "models",
      event: event.kind,
      at: formatTime(event.at),
      source: "metrics",
      ...detailsOf(event),
      announcements_considered: considered,
    },
  };
}

/** The number a rule's `$value` shows: seconds the load took, failures left behind, models affected. */
function amountOf(event: ModelEvent): number {
  switch (event.kind) {
    case "loaded":
    case "reloaded":
      return event.seconds ?? 0;
    case "flashed":
      return event.failures;
    case "restarted":
      return event.models;
    default:
      return 1;
  }
}

function detailsOf(event: ModelEvent): Record<string, Json> {
  switch (event.kind) {
    case "loaded":
      return { load_seconds: event.seconds ?? null, loaded_before: event.again, after_restart: event.restarted };
    case "reloaded":
      return {
        load_seconds: event.seconds ?? null,
        load_seconds_before: event.before ?? null,
        in_place: event.inPlace,
      };
    case "version_changed":
      return { from_version: event.from, after_restart: event.restarted };
    case "flashed":
      return { failures: event.failures };
    case "restarted":
      return { proof: event.proof, scrapes_failed: event.gap, models_before: event.models };
    default:
      return {};
  }
}
