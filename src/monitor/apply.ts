import type { Transition, TransitionReason } from "../alerts/types.ts";
import { type NamedFinding, nameFinding } from "../rules/to-alert.ts";
import type { AlertRule, Finding, Rule } from "../rules/types.ts";
import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import type { MonitorEvent } from "./events.ts";
import { publishAlerts } from "./publish.ts";
import type { RuleHealth } from "./rule-health.ts";
import type { TargetState } from "./target-state.ts";
import { templateQuery } from "./template-query.ts";
import type { World } from "./world.ts";

/** One evaluation of an alerting rule. */
export interface Evaluated {
  /** The target whose alerts it is about; undefined where it is about all alerts of the rule. */
  readonly target: TargetState | undefined;
  /** The time of the samples it reads and writes: before `at` where the group has a `query_offset`. */
  readonly samplesAt: EpochMs;
  readonly find: () => readonly Finding[];
  /** Of which of its alerts nothing can be said. */
  readonly unknown: (labels: Labels) => boolean;
  /** Which of its alerts end at once, and why, where they are not found any more. */
  readonly over?: (labels: Labels) => TransitionReason | undefined;
}

/**
 * Evaluates a rule, moves its alerts, and writes `ALERTS`, so that the rules after it see what it did. Where the evaluation
 * fails its alerts stay as they are.
 */
export function applyFindings(
  world: World,
  rule: AlertRule,
  events: MonitorEvent[],
  at: EpochMs,
  how: Evaluated,
): void {
  const state = world.ruleStates.get(rule)!;
  const { target } = how;
  const tell = (transition: Transition) => {
    world.ended.delete(transition.labels);
    events.push({ kind: "transition", rule, transition });
  };
  for (const { position, reason } of state.exceptions.end(at)) {
    events.push({ kind: "exception-ended", rule: rule.name, at, position, reason });
  }
  const failure = guardRule(world, state, events, at, () => {
    const found = how.find();
    // Most evaluations find nothing, and then nothing is to be named.
    const findings = found.length === 0 ? [] : nameFindings(world, rule, found, how);
    const counted = findings.filter(({ labels }) => !state.exceptions.cover(labels, at));
    const { unknown, over } = how;
    const { transitions, cut } = state.advance(target, { at, findings: counted, unknown, ...(over && { over }) });
    if (cut > 0) {
      events.push({ kind: "alerts-cut", rule: rule.name, ...(target && { target: target.labels }), at, cut });
    }
    for (const transition of transitions) tell(transition);
  });
  if (failure !== undefined && world.options.evaluation.onError === "resolve") {
    for (const transition of state.advance(target, { at, findings: [] }).transitions) tell(transition);
  }
  publishAlerts(world, rule, target, how.samplesAt);
}

function nameFindings(
  world: World,
  rule: AlertRule,
  found: readonly Finding[],
  how: Evaluated,
): readonly NamedFinding[] {
  const { target, samplesAt: at } = how;
  const state = world.ruleStates.get(rule)!;
  const activeAt = (labels: Labels) => state.activeAt(target, labels);
  const context = { ...world.options, at, query: templateQuery(world), activeAt };
  return found.map((finding) => nameFinding(rule, finding, context));
}

/**
 * The bulkhead around one rule: an evaluation that fails, because of a bug of ours or of what the rule meets, is told and
 * counted, and the rules after it go on.
 * @returns why it failed; undefined where it did not
 */
export function guardRule(
  world: World,
  state: RuleHealth & { readonly rule: Rule },
  events: MonitorEvent[],
  at: EpochMs,
  evaluate: () => void,
): string | undefined {
  const { rule } = state;
  const { probe } = world.options;
  const began = probe?.now() ?? 0;
  let why: string | undefined;
  try {
    evaluate();
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
    world.bugs.rule++;
    events.push({ kind: "rule-failed", rule: rule.name, at, why });
  }
  const seconds = (probe?.now() ?? 0) - began;
  if (why === undefined) state.succeeded(at, seconds);
  else state.failed(at, seconds, why);
  probe?.evaluated(rule, seconds, why);
  return why;
}
