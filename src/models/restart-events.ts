import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import { type Entry, isHigher, modelOf, versionOf } from "./entries.ts";
import type { ModelEvent } from "./events.ts";

/**
 * What a restart changed beside the process: each model or version that was not there before, and each that did not come
 * back. A version that went because another one came is part of that one's change.
 * @param before what served before the restart
 * @param after what serves now
 */
export function restartEvents(before: readonly Entry[], after: readonly Entry[], at: EpochMs): ModelEvent[] {
  const events: ModelEvent[] = [];
  const had = new Set(before.map(({ id }) => id.key));
  const has = new Set(after.map(({ id }) => id.key));
  const predecessors = highestVersions(before, has);
  const changed = new Set<string>();
  for (const { id, loadSeconds: seconds } of after) {
    if (had.has(id.key)) continue;
    const model = modelOf(id);
    changed.add(model);
    const from = predecessors.get(model);
    events.push(
      from
        ? { kind: "version_changed", id, at, from: versionOf(from), restarted: true }
        : { kind: "loaded", id, at, seconds, again: false, restarted: true },
    );
  }
  for (const { id } of before) {
    if (!has.has(id.key) && !changed.has(modelOf(id))) events.push({ kind: "vanished", id, at });
  }
  return events;
}

/** Of each model the highest version that did not come back, or where all did, the highest. */
function highestVersions(before: readonly Entry[], has: ReadonlySet<string>): ReadonlyMap<string, Labels> {
  const highest = new Map<string, Labels>();
  for (const { id } of before) {
    const model = modelOf(id);
    const best = highest.get(model);
    const rank = best && Number(has.has(best.key)) - Number(has.has(id.key));
    if (!best || rank! > 0 || (rank === 0 && isHigher(id, best))) highest.set(model, id);
  }
  return highest;
}
