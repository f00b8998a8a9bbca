import { nameFinding } from "../rules/to-alert.ts";
import type { AlertRule, Finding } from "../rules/types.ts";
import type { Labels } from "../series/labels.ts";
import { matchesAll } from "../series/matchers.ts";
import type { EpochMs } from "../series/time.ts";
import type { MonitorEvent } from "./events.ts";
import { publishAlerts } from "./publish.ts";
import type { World } from "./world.ts";

/** One evaluation of a rule. */
export interface Evaluated {
  readonly find: () => readonly Finding[];
  /** Which of the rule's alerts this evaluation is about. */
  readonly scope: (labels: Labels) => boolean;
  /** Of which of them nothing can be said. */
  readonly unknown: (labels: Labels) => boolean;
}

/**
 * Evaluates a rule, moves its alerts, and writes `ALERTS`, so that the rules after it see what it did. The bulkhead around
 * one rule: an evaluation that fails leaves its alerts as they are.
 */
export function applyFindings(
  world: World,
  rule: AlertRule,
  events: MonitorEvent[],
  at: EpochMs,
  how: Evaluated,
): void {
  const state = world.ruleStates.get(rule)!;
  const { probe } = world.options;
  const began = probe?.now() ?? 0;
  try {
    const findings = how.find().map((finding) => nameFinding(rule, finding, world.options));
    const counted = findings.filter((finding) => !excepted(rule, finding.labels, at));
    const done = state.alerts.advance({ at, findings: counted, scope: how.scope, unknown: how.unknown });
    if (done.kind === "duplicate") {
      throw new RangeError(`the rule gives ${done.labels} more than once after its labels were applied`);
    }
    state.succeeded(at, done.cut);
    for (const transition of done.transitions) events.push({ kind: "transition", rule, transition });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    state.failed(at, why);
    world.bugs.rule++;
    events.push({ kind: "rule-failed", rule: rule.name, at, why });
    if (world.options.evaluation.onError === "resolve") {
      const ended = state.alerts.advance({ at, findings: [], scope: how.scope });
      if (ended.kind === "advanced")
        for (const transition of ended.transitions) events.push({ kind: "transition", rule, transition });
    }
  }
  publishAlerts(world, rule, at, how.scope);
  probe?.evaluated(rule, probe.now() - began, state.lastError);
}

const excepted = (rule: AlertRule, labels: Labels, at: EpochMs): boolean =>
  rule.except.some(
    (exception) => (exception.until ?? Number.POSITIVE_INFINITY) > at && matchesAll(exception.match, labels),
  );
