import { syntheticSeries } from "../alerts/synthetic.ts";
import type { Judged } from "../rules/judge.ts";
import type { AlertRule } from "../rules/types.ts";
import type { Watched } from "../rules/watch.ts";
import { Labels, METRIC_NAME } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import type { RuleSet } from "./rule-set.ts";
import type { TargetRules } from "./target-rules.ts";
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

/** Writes the detector series of a rule on one target, as far as other rules read them. */
export function publishSubjects(world: World, rule: AlertRule, rules: TargetRules, at: EpochMs): void {
  const { values, names } = wantedOf(world.rules, rule);
  const judge = rules.judge(rule);
  if (values.length === 0 || !judge) return;
  for (const judged of judge.judged()) {
    const { watched } = judged;
    let labels = names.get(watched);
    if (!labels) {
      labels = values.map(([name]) => watched.labels.with({ rule: rule.name, [METRIC_NAME]: name }));
      names.set(watched, labels);
    }
    for (const [i, [, of]] of values.entries()) {
      const value = of(judged);
      if (value === undefined) world.store.recorder.stale(labels[i]!, at);
      else world.store.recorder.record(labels[i]!, at, value);
    }
  }
}

function wantedOf(rules: RuleSet, rule: AlertRule): Published {
  let ofRules = published.get(rules);
  if (!ofRules) {
    ofRules = new Map();
    published.set(rules, ofRules);
  }
  let ofRule = ofRules.get(rule);
  if (!ofRule) {
    const values = VALUES.filter(([name]) => rules.reads(Labels.of({ [METRIC_NAME]: name, rule: rule.name })));
    ofRule = { values, names: new WeakMap() };
    ofRules.set(rule, ofRule);
  }
  return ofRule;
}

/** Writes `ALERTS` and `ALERTS_FOR_STATE` of a rule's alerts, as far as rules read them. */
export function publishAlerts(world: World, rule: AlertRule, at: EpochMs, scope: (labels: Labels) => boolean): void {
  if (!world.rules.wants("ALERTS") && !world.rules.wants("ALERTS_FOR_STATE")) return;
  const { recorder } = world.store;
  const before = world.published.get(rule);
  const after = new Map<string, Labels>();
  for (const { labels, value } of syntheticSeries(world.ruleStates.get(rule)!.alerts.alerts())) {
    after.set(labels.key, labels);
    if (scope(labels)) recorder.record(labels, at, value);
  }
  for (const [key, labels] of before ?? []) if (!after.has(key)) recorder.stale(labels, at);
  world.published.set(rule, after);
}

/** Writes the count of our own bugs, so that a rule can alert on them. */
export function publishInternals(world: World, at: EpochMs): void {
  if (!world.rules.wants(INTERNAL_ERRORS)) return;
  for (const [where, count] of Object.entries(world.bugs)) {
    world.store.recorder.record(Labels.of({ [METRIC_NAME]: INTERNAL_ERRORS, where }), at, count);
  }
}
