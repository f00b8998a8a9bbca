import type { Expr } from "../promql/ast.ts";
import { evaluate } from "../promql/evaluate.ts";
import type { AlertRule, Finding, RecordingRule, RuleGroup } from "../rules/types.ts";
import { Labels, METRIC_NAME } from "../series/labels.ts";
import { type EpochMs, epochMs, formatTime } from "../series/time.ts";
import { applyFindings } from "./apply.ts";
import type { MonitorEvent } from "./events.ts";
import { publishInternals } from "./publish.ts";
import type { World } from "./world.ts";

/** Runs the groups that are due, their rules one after the other. */
export function runExprRules(world: World, now: EpochMs, events: MonitorEvent[]): void {
  publishInternals(world, now);
  for (const group of world.rules.groups) {
    const at = world.clock.due(group, now);
    if (at === undefined) continue;
    for (const rule of group.rules) {
      if (rule.kind === "record") record(world, group, rule, at, events);
      else if (rule.condition.kind === "expr") alert(world, group, rule, rule.condition.tree, at, events);
    }
  }
}

function alert(world: World, group: RuleGroup, rule: AlertRule, tree: Expr, at: EpochMs, events: MonitorEvent[]): void {
  applyFindings(world, rule, events, at, {
    find: () =>
      vector(world, tree, epochMs(at - group.queryOffset)).map(
        ({ labels, value }): Finding => ({
          labels,
          value,
          evidence: { signal: "expr", value: Number.isFinite(value) ? value : String(value), at: formatTime(at) },
        }),
      ),
    scope: () => true,
    unknown: (labels) => world.options.evaluation.onUnknown === "hold" && world.unknown(labels),
  });
}

function record(world: World, group: RuleGroup, rule: RecordingRule, at: EpochMs, events: MonitorEvent[]): void {
  const written = new Map<string, Labels>();
  try {
    for (const { labels, value } of vector(world, rule.tree, epochMs(at - group.queryOffset))) {
      const own = labels.with({ ...Object.fromEntries(rule.labels), [METRIC_NAME]: rule.name });
      if (written.has(own.key)) throw new RangeError(`Cannot record ${own}: the expression gives it twice`);
      written.set(own.key, own);
      world.store.recorder.record(own, at, value);
    }
  } catch (error) {
    events.push({ kind: "rule-failed", rule: rule.name, at, why: (error as Error).message });
    return;
  }
  for (const [key, labels] of world.recorded.get(rule) ?? []) {
    if (!written.has(key)) world.store.recorder.stale(labels, at);
  }
  world.recorded.set(rule, written);
}

/** The samples of an expression; a scalar counts as one sample without labels. */
function vector(world: World, tree: Expr, at: EpochMs): readonly { labels: Labels; value: number }[] {
  const value = evaluate(tree, world.store, at, { lookback: world.options.evaluation.lookback });
  if (value.kind === "vector") return value.samples;
  return value.kind === "scalar" ? [{ labels: Labels.EMPTY, value: value.value }] : [];
}
