import { syntheticSeries } from "../alerts/synthetic.ts";
import type { Judged } from "../rules/judge.ts";
import type { AlertRule } from "../rules/types.ts";
import type { Watched } from "../rules/watch.ts";
import { Labels, METRIC_NAME } from "../series/labels.ts";
import { type EpochMs, epochMs, SECOND } from "../series/time.ts";
import type { RuleSet } from "./rule-set.ts";
import type { TargetRules } from "./target-rules.ts";
import type { TargetState } from "./target-state.ts";
import type { World } from "./world.ts";

const OBSERVED = "triton_sentinel_observed";
const EXPECTED = "triton_sentinel_expected";
const LOWER = "triton_sentinel_lower";
const UPPER = "triton_sentinel_upper";
const SCORE = "triton_sentinel_anomaly_score";
const LEARNING = "triton_sentinel_learning";
const INTERNAL_ERRORS = "triton_sentinel_internal_errors_total";

/** The value of each published detector series for a subject; undefined where the detector cannot say. */
const VALUES: readonly (readonly [name: string, of: (judged: Judged) => number | undefined])[] = [
  [OBSERVED, ({ explanation }) => explanation.observed],
  [EXPECTED, ({ explanation }) => explanation.expected],
  [LOWER, ({ explanation }) => explanation.lower],
  [UPPER, ({ explanation }) => explanation.upper],
  [SCORE, ({ score }) => score],
  [LEARNING, ({ state }) => (state === "learning" ? 1 : 0)],
];

/** What of a rule's subjects other rules read, and the label sets under which it is written. */
interface Published {
  readonly values: typeof VALUES;
  readonly names: WeakMap<Watched, readonly Labels[]>;
}

const published = new WeakMap<RuleSet, Map<AlertRule, Published>>();

/**
 * Writes the detector series of a rule on one target, as far as other rules read them. A subject of which the scrape says
 * nothing has none.
 * @param read whether the scrape brought a page
 */
export function publishSubjects(world: World, rule: AlertRule, rules: TargetRules, read: boolean, at: EpochMs): void {
  const { values, names } = wantedOf(world.rules, rule);
  const judge = rules.judge(rule);
  if (values.length === 0 || !judge) return;
  const { recorder } = world.store;
  const known = rules.published(rule);
  const written = new Map<Watched, readonly Labels[]>();
  for (const judged of read ? judge.judged() : []) {
    const { watched } = judged;
    let labels = names.get(watched);
    if (!labels) {
      labels = values.map(([name]) => watched.labels.with(world.rules.nameOf(rule)).with({ [METRIC_NAME]: name }));
      names.set(watched, labels);
    }
    written.set(watched, labels);
    known.delete(watched);
    for (const [i, [, of]] of values.entries()) {
      const value = of(judged);
      if (value === undefined) recorder.stale(labels[i]!, at);
      else recorder.record(labels[i]!, at, value);
    }
  }
  for (const labels of known.values()) for (const series of labels) recorder.stale(series, at);
  rules.publish(rule, written);
}

function wantedOf(rules: RuleSet, rule: AlertRule): Published {
  let ofRules = published.get(rules);
  if (!ofRules) {
    ofRules = new Map();
    published.set(rules, ofRules);
  }
  let ofRule = ofRules.get(rule);
  if (!ofRule) {
    const values = VALUES.filter(([name]) => rules.reads(rules.nameOf(rule).with({ [METRIC_NAME]: name })));
    ofRule = { values, names: new WeakMap() };
    ofRules.set(rule, ofRule);
  }
  return ofRule;
}

/** Whether a rule writes the same detector series as another one did among other rules. */
export function publishesAlike(rules: RuleSet, rule: AlertRule, before: RuleSet, was: AlertRule): boolean {
  const names = (set: RuleSet, one: AlertRule) =>
    wantedOf(set, one)
      .values.map(([name]) => name)
      .join();
  return rules.nameOf(rule).equals(before.nameOf(was)) && names(rules, rule) === names(before, was);
}

/** Writes `ALERTS` and `ALERTS_FOR_STATE` of a rule's alerts (on one target, or all), as far as rules read them. */
export function publishAlerts(world: World, rule: AlertRule, target: TargetState | undefined, at: EpochMs): void {
  const state = world.ruleStates.get(rule)!;
  const wanted = world.rules.wants("ALERTS") || world.rules.wants("ALERTS_FOR_STATE");
  const { recorder } = world.store;
  const after = new Map<string, Labels>();
  for (const { labels, value } of wanted ? syntheticSeries(state.alertsOf(target)) : []) {
    after.set(labels.key, labels);
    recorder.record(labels, at, value);
  }
  for (const [key, labels] of state.publish(target, after) ?? []) if (!after.has(key)) recorder.stale(labels, at);
}

/** Writes the count of our own bugs, so that a rule can alert on them. */
export function publishInternals(world: World, at: EpochMs): void {
  if (!world.rules.wants(INTERNAL_ERRORS)) return;
  const { recorder } = world.store;
  for (const [where, count] of Object.entries(world.bugs)) {
    const labels = Labels.of({ [METRIC_NAME]: INTERNAL_ERRORS, where });
    // The count began at 0 before anything was read, so that a bug on the very first page is an increase.
    if (world.lastTick === undefined) recorder.record(labels, epochMs(at - SECOND), 0);
    recorder.record(labels, at, count);
  }
}
