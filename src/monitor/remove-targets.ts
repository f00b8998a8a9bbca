import type { Transition } from "../alerts/types.ts";
import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import type { MonitorEvent } from "./events.ts";
import type { RuleState } from "./rule-state.ts";
import type { TargetState } from "./target-state.ts";
import type { World } from "./world.ts";

/**
 * Forgets targets that are watched no longer: their alerts end, their series go, and so does what was learned of them. What
 * speaks of a target that stays (the same instance in another job) is left alone. One that comes back is a new one.
 */
export function removeTargets(world: World, labels: readonly Labels[], at: EpochMs, events: MonitorEvent[]): void {
  const gone = new Set(labels.flatMap(({ key }) => world.targets.get(key) ?? []));
  if (gone.size === 0) return;
  // Whom something speaks of is asked while the targets are still known.
  const concerned = (series: Labels): boolean => {
    const targets = world.targetsOf(series);
    return targets.length > 0 && targets.every((target) => gone.has(target));
  };
  const orphans = new Set<string>();
  const ended = new Map<TargetState, number>();
  const tell = (state: RuleState, transition: Transition, target: TargetState) => {
    world.ended.add(state.rule, transition);
    ended.set(target, (ended.get(target) ?? 0) + 1);
    events.push({ kind: "transition", rule: state.rule, transition });
  };
  for (const state of world.ruleStates.values()) {
    for (const target of gone) {
      const { transitions, published } = state.leave(target, at);
      for (const series of published) orphans.add(series.key);
      for (const transition of transitions) tell(state, transition, target);
    }
    for (const transition of state.leaveShared(concerned, at)) {
      tell(state, transition, world.targetsOf(transition.labels)[0]!);
    }
  }
  world.store.recorder.forget((series) => concerned(series) || orphans.has(series.key));
  for (const target of gone) {
    world.forget(target);
    events.push({ kind: "target-gone", target: target.labels, at, ended: ended.get(target) ?? 0 });
  }
}
