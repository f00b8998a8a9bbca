import type { AlertRule } from "../rules/types.ts";
import { watchesSeries } from "../rules/watch.ts";
import { type Labels, METRIC_NAME } from "../series/labels.ts";
import { type EpochMs, MINUTE } from "../series/time.ts";
import type { RuleState } from "./rule-state.ts";
import type { World } from "./world.ts";

/** Alarms that began within this time of one another began together. */
const TOGETHER = 2 * MINUTE;

const SUBJECTS = "triton_sentinel_rule_subjects";
const ALARMS = "triton_sentinel_rule_alarms";
const BEGUN = "triton_sentinel_rule_alarms_begun";
const TARGETS = "triton_sentinel_rule_alarm_targets";
const NAMES = [SUBJECTS, ALARMS, BEGUN, TARGETS] as const;

/** The label sets under which a rule's series were written last, while any was. */
const written = new WeakMap<RuleState, readonly Labels[]>();

/**
 * Writes how many alarms of each rule over statistics fire over all targets, how many of them began together within the last two
 * minutes and on how many targets, and what the rule watches, so that one rule can tell of what befalls the fleet. A rule
 * without alarms has no such series.
 */
export function publishFleetAlarms(world: World, at: EpochMs): void {
  if (!NAMES.some((name) => world.rules.wants(name))) return;
  const { recorder } = world.store;
  for (const [rule, state] of world.ruleStates) {
    if (rule.condition.kind !== "detect" || !watchesSeries(rule.condition.detect)) continue;
    const { firing, begun, targets } = alarmsOf(state, at);
    const before = written.get(state);
    if (firing + begun === 0) {
      for (const labels of before ?? []) recorder.stale(labels, at);
      written.delete(state);
      continue;
    }
    const labels = labelsOf(world, rule);
    for (const old of before ?? []) if (!labels.some(({ key }) => key === old.key)) recorder.stale(old, at);
    const values = [subjectsOf(world, rule), firing, begun, targets];
    for (const [i, value] of values.entries()) recorder.record(labels[i]!, at, value);
    written.set(state, labels);
  }
}

function alarmsOf(state: RuleState, at: EpochMs): { firing: number; begun: number; targets: number } {
  let firing = 0;
  let begun = 0;
  const targets = new Set<string>();
  for (const { labels, is } of state.alerts()) {
    if (is.state === "pending") continue;
    if (is.state === "firing") firing++;
    if (at - is.firedAt > TOGETHER) continue;
    begun++;
    targets.add(`${labels.get("job") ?? ""} ${labels.get("instance") ?? ""}`);
  }
  return { firing, begun, targets: targets.size };
}

function subjectsOf(world: World, rule: AlertRule): number {
  let subjects = 0;
  for (const rules of world.targetRules.values()) subjects += rules.judge(rule)?.read ?? 0;
  return subjects;
}

/** With the rule's severity, so that what is only for information stays so when it befalls many. */
function labelsOf({ rules }: World, rule: AlertRule): readonly Labels[] {
  const severity = rule.labels.find(([name]) => name === "severity")?.[1].text ?? "";
  return NAMES.map((name) => rules.nameOf(rule).with({ severity, [METRIC_NAME]: name }));
}
