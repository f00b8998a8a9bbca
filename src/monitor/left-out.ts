import { type Labels, METRIC_NAME } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import type { TargetState } from "./target-state.ts";
import type { World } from "./world.ts";

const LEFT_OUT = "triton_sentinel_left_out";
const KINDS = ["alerts", "models", "series", "subjects"] as const;

type Counts = Readonly<Record<(typeof KINDS)[number], number>>;

/** What was left out of each target up to its last scrape, and the label sets under which it is written. */
const before = new WeakMap<TargetState, Counts>();
const names = new WeakMap<TargetState, readonly Labels[]>();

/**
 * Writes what the last scrape of a target had no place for, by kind, so that a rule can tell of a server that shows more than
 * anybody can watch. Where there was a place for everything there is no series.
 */
export function publishLeftOut(world: World, target: TargetState, at: EpochMs): void {
  const last = before.get(target);
  const now = countsOf(world, target);
  before.set(target, now);
  if (!world.rules.wants(LEFT_OUT)) return;
  const { recorder } = world.store;
  for (const [i, kind] of KINDS.entries()) {
    // Findings are counted at each evaluation, the others since the start.
    const count = kind === "alerts" ? now.alerts : now[kind] - (last?.[kind] ?? 0);
    const labels = namesOf(target)[i]!;
    if (count > 0) recorder.record(labels, at, count);
    else recorder.stale(labels, at);
  }
}

function namesOf(target: TargetState): readonly Labels[] {
  const known = names.get(target) ?? KINDS.map((what) => target.labels.with({ [METRIC_NAME]: LEFT_OUT, what }));
  names.set(target, known);
  return known;
}

function countsOf(world: World, target: TargetState): Counts {
  let alerts = 0;
  for (const state of world.ruleStates.values()) alerts += state.cutOf(target);
  return {
    alerts,
    models: target.refusedModels + target.inventory.forgotten,
    series: target.table.refused,
    subjects: world.targetRules.get(target)?.refused ?? 0,
  };
}
