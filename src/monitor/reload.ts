import type { AlertRule, RecordingRule, Rule } from "../rules/types.ts";
import type { EpochMs } from "../series/time.ts";
import type { MonitorEvent } from "./events.ts";
import type { ReloadableOptions } from "./options.ts";
import { publishesAlike } from "./publish.ts";
import { RecordState } from "./record-state.ts";
import { RuleState } from "./rule-state.ts";
import { type Succession, succession } from "./succession.ts";
import type { World } from "./world.ts";

/**
 * Puts other rules and options in force between two evaluations. Alerts go on with the rules of their name and labels, as in
 * Prometheus; what detectors learned goes on with the signal, verdicts with the rule. Whatever lost its owner ends here.
 * @throws RangeError on a window whose time zone nobody knows, and then nothing has changed
 */
export function reload(world: World, options: ReloadableOptions, at: EpochMs, events: MonitorEvent[]): void {
  const before = world.rules;
  const found = succession(before.groups, options.rules.groups);
  // All that can fail comes first.
  const pages = [...world.targets.values()].map((target) => [target, options.page(target.labels)] as const);
  world.deployments.replaceWindows(options.windows);

  const old = { alerts: new Map(world.ruleStates), records: new Map(world.recordStates) };
  const ended = endRules(world, found, at, events);
  world.options = { ...world.options, ...options };
  continueRules(world, found, old);
  world.store.reach = options.rules.reach;
  world.store.budget.limit = options.historyBytes;
  world.history.limit = options.subjectHistoryBytes;
  world.clock.replace(options.evaluation.interval, options.rules.groups);

  const rules = options.rules.alertRules();
  const alertKin = new Map([...found.kin].filter(isOfAlerts));
  const alike = (rule: AlertRule, was: AlertRule) => publishesAlike(options.rules, rule, before, was);
  for (const each of world.targetRules.values()) {
    for (const series of each.install(rules, options.evaluation.calendar, alertKin, alike))
      world.store.recorder.stale(series, at);
  }
  const sameFamilies = options.rules.wantsLike(before);
  for (const [target, page] of pages) target.install(page, sameFamilies);
  world.budget.replace(options.falseAlarmsPerWeek);
  world.budget.count(world.targetRules, at);
  for (const each of world.targetRules.values()) {
    for (const [rule, judge] of each.judges()) judge.raise = world.budget.raiseOf(rule);
  }

  const taken = new Set(found.kin.values());
  const now = options.rules.groups.flatMap((group) => group.rules);
  const were = before.groups.flatMap((group) => group.rules);
  events.push({
    kind: "reloaded",
    at,
    added: namesOf(now.filter((rule) => !found.kin.has(rule))),
    removed: namesOf(were.filter((rule) => !taken.has(rule))),
    changed: namesOf(found.changed),
    ended,
  });
}

/** Ends the alerts of rules that nobody continues, and the series they wrote. @returns how many alerts ended */
function endRules(world: World, { heirs }: Succession, at: EpochMs, events: MonitorEvent[]): number {
  const continued = new Set(heirs.values());
  const { recorder } = world.store;
  let ended = 0;
  for (const [rule, state] of world.ruleStates) {
    if (continued.has(rule)) continue;
    const { transitions, published } = state.close(at);
    for (const series of published) recorder.stale(series, at);
    for (const transition of transitions) {
      world.ended.add(rule, transition);
      events.push({ kind: "transition", rule, transition });
    }
    ended += transitions.length;
  }
  for (const [rule, { written }] of world.recordStates) {
    if (continued.has(rule)) continue;
    for (const { labels } of written.values()) recorder.stale(labels, at);
  }
  return ended;
}

interface States {
  readonly alerts: ReadonlyMap<AlertRule, RuleState>;
  readonly records: ReadonlyMap<RecordingRule, RecordState>;
}

/** Gives each rule its state: that of the rule it continues, or a new one. */
function continueRules(world: World, { heirs }: Succession, old: States): void {
  const { holdFor } = world.options.evaluation;
  world.ruleStates.clear();
  world.recordStates.clear();
  for (const group of world.rules.groups) {
    for (const rule of group.rules) {
      const was = heirs.get(rule);
      if (rule.kind === "alert") {
        const state = was?.kind === "alert" ? old.alerts.get(was) : undefined;
        state?.replace(rule, group.limit, holdFor);
        world.ruleStates.set(rule, state ?? new RuleState(rule, group.limit, holdFor));
      } else {
        const state = (was?.kind === "record" && old.records.get(was)) || new RecordState(rule);
        state.rule = rule;
        world.recordStates.set(rule, state);
      }
    }
  }
}

const isOfAlerts = (pair: readonly [Rule, Rule]): pair is [AlertRule, AlertRule] => pair[0].kind === "alert";

const namesOf = (rules: readonly Rule[]): readonly string[] => [...new Set(rules.map(({ name }) => name))];
