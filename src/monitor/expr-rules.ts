import type { Expr } from "../promql/ast.ts";
import { evaluate } from "../promql/evaluate.ts";
import type { AlertRule, Finding, RecordingRule, RuleGroup } from "../rules/types.ts";
import { Labels, METRIC_NAME } from "../series/labels.ts";
import { type EpochMs, epochMs, formatTime } from "../series/time.ts";
import { applyFindings, guardRule } from "./apply.ts";
import type { MonitorEvent } from "./events.ts";
import { publishFleetAlarms } from "./fleet-alarms.ts";
import { publishInternals } from "./publish.ts";
import type { RecordState } from "./record-state.ts";
import type { World } from "./world.ts";

/** When a group is evaluated: `at` counts for alerts, `samplesAt` (earlier by `query_offset`) for what is read and written. */
interface Instant {
  readonly at: EpochMs;
  readonly samplesAt: EpochMs;
}

/** Runs the groups that are due, their rules one after the other. */
export function runExprRules(world: World, now: EpochMs, events: MonitorEvent[]): void {
  publishInternals(world, now);
  publishFleetAlarms(world, now);
  for (const group of world.rules.groups) {
    const at = world.clock.due(group, now);
    if (at === undefined) continue;
    const when = { at, samplesAt: epochMs(at - group.queryOffset) };
    for (const rule of group.rules) {
      if (rule.kind === "record") {
        const state = world.recordStates.get(rule)!;
        guardRule(world, state, events, at, () => record(world, group, state, when));
      } else if (rule.condition.kind === "expr") alert(world, rule, rule.condition.tree, when, events);
    }
  }
}

function alert(world: World, rule: AlertRule, tree: Expr, { at, samplesAt }: Instant, events: MonitorEvent[]): void {
  const held = (rule.missing ?? world.options.evaluation.onUnknown) === "hold";
  applyFindings(world, rule, events, at, {
    target: undefined,
    samplesAt,
    find: () =>
      vector(world, tree, samplesAt).map(
        ({ labels, value }): Finding => ({
          labels,
          value,
          evidence: { signal: "expr", value: Number.isFinite(value) ? value : String(value), at: formatTime(at) },
        }),
      ),
    unknown: (labels) => held && world.unknown(labels),
  });
}

/** Writes what a recording rule gives; what it gave the last time and gives no longer becomes stale. */
function record(world: World, { limit }: RuleGroup, state: RecordState, { samplesAt }: Instant): void {
  const { recorder } = world.store;
  const { rule } = state;
  const samples = vector(world, rule.tree, samplesAt);
  // As in Prometheus, and unlike alerts: part of a vector would make wrong sums, nothing makes none.
  if (limit > 0 && samples.length > limit) {
    throw new RangeError(`Cannot record ${samples.length} series: expected at most ${limit}, the limit of the group`);
  }
  const written = new Map<string, { readonly labels: Labels; readonly value: number }>();
  for (const { labels, value } of samples) {
    const own = nameOf(rule, labels);
    if (written.has(own.key)) throw new RangeError(`Cannot record ${own}: the expression gives it twice`);
    written.set(own.key, { labels: own, value });
  }
  for (const { labels, value } of written.values()) recorder.record(labels, samplesAt, value);
  for (const [key, { labels }] of state.written) {
    if (!written.has(key)) recorder.stale(labels, samplesAt);
  }
  state.written = written;
}

const named = new WeakMap<RecordingRule, WeakMap<Labels, Labels>>();

/** The labels under which a rule records a sample; made once for labels that come again. */
function nameOf(rule: RecordingRule, labels: Labels): Labels {
  let ofRule = named.get(rule);
  if (!ofRule) {
    ofRule = new WeakMap();
    named.set(rule, ofRule);
  }
  let own = ofRule.get(labels);
  if (!own) {
    own = labels.with({ ...Object.fromEntries(rule.labels), [METRIC_NAME]: rule.name });
    ofRule.set(labels, own);
  }
  return own;
}

/** The samples of an expression; a scalar counts as one sample without labels. */
function vector(world: World, tree: Expr, at: EpochMs): readonly { labels: Labels; value: number }[] {
  const { lookback, interval } = world.options.evaluation;
  const value = evaluate(tree, world.store, at, { lookback, subqueryStep: interval });
  if (value.kind === "vector") return value.samples;
  return value.kind === "scalar" ? [{ labels: Labels.EMPTY, value: value.value }] : [];
}
