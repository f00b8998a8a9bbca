import type { Authorisation } from "../alerts/deployments.ts";
import type { ModelEvent } from "../models/events.ts";
import type { Judge } from "../rules/judge.ts";
import { modelFinding } from "../rules/model-finding.ts";
import type { AlertRule, Detect, Finding } from "../rules/types.ts";
import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import { isAbout } from "./alert-subjects.ts";
import { applyFindings } from "./apply.ts";
import type { MonitorEvent } from "./events.ts";
import { publishLeftOut } from "./left-out.ts";
import { publishSubjects } from "./publish.ts";
import { subjectLabels, type TargetRules } from "./target-rules.ts";
import type { Look, TargetState } from "./target-state.ts";
import type { World } from "./world.ts";

/** Runs the `detect:` rules on one target after a scrape of it; alerts of other targets are untouched. */
export function runTargetRules(
  world: World,
  target: TargetState,
  look: Look,
  at: EpochMs,
  events: MonitorEvent[],
): void {
  const rules = world.targetRules.get(target)!;
  const judged = new Map<ModelEvent, Authorisation>();
  if (look.kind === "page") {
    for (const event of look.events) {
      const authorisation = authorise(world, target, event);
      judged.set(event, authorisation);
      events.push({
        kind: "model",
        target: target.labels,
        event,
        ...(authorisation.kind === "announced" && { announced: authorisation }),
      });
    }
    rules.advance(look.interval, look.events, (event) => judged.get(event)?.kind === "announced", at);
  }
  if (look.kind === "page") world.budget.note(target, look.interval.seconds);
  for (const rule of world.ruleStates.keys()) {
    if (rule.condition.kind !== "detect") continue;
    const { detect } = rule.condition;
    const hold = look.kind !== "page" && (rule.missing ?? world.options.evaluation.onUnknown) === "hold";
    if (look.kind !== "page" && !hold) rules.judge(rule)?.release();
    const judge = look.kind === "page" ? rules.judge(rule) : undefined;
    if (judge) judge.raise = world.budget.raiseOf(rule);
    applyFindings(world, rule, events, at, {
      target,
      samplesAt: at,
      find: () => (look.kind === "page" ? find(rule, detect, rules, target, judged, at) : []),
      unknown: () => hold,
      ...(judge && { over: (labels: Labels) => (isRebaselined(rule, judge, labels) ? "rebaselined" : undefined) }),
    });
    for (const change of judge?.noises.take() ?? []) events.push({ kind: "noise", rule, at, ...change });
    for (const told of judge?.rebaselined ?? []) events.push({ kind: "rebaselined", rule, at, ...told });
    if (judge) rules.history.note(rule, judge, at);
    publishSubjects(world, rule, rules, look.kind === "page", at);
  }
  if (look.kind === "page") rules.learn();
  publishLeftOut(world, target, at);
}

const isRebaselined = (rule: AlertRule, { rebaselined }: Judge, alert: Labels): boolean =>
  rebaselined.some(({ labels }) => isAbout(rule, alert, labels));

function find(
  rule: AlertRule,
  detect: Detect,
  rules: TargetRules,
  target: TargetState,
  judged: ReadonlyMap<ModelEvent, Authorisation>,
  at: EpochMs,
): readonly Finding[] {
  const { signal } = detect;
  if (signal.kind !== "models") return rules.judge(rule)?.judge(at) ?? [];
  const findings: Finding[] = [];
  for (const [event, authorisation] of judged) {
    if (!signal.events.includes(event.kind) || authorisation.kind === "announced") continue;
    findings.push(modelFinding(event, target.labels, subjectLabels(detect), authorisation.considered));
  }
  return findings;
}

/** Whether somebody announced a model event. A restart is no model change: nobody announces it here. */
function authorise(world: World, target: TargetState, event: ModelEvent): Authorisation {
  const id = event.kind === "restarted" ? target.labels : target.labels.with(event.id);
  return world.deployments.authorise(id, event.at);
}
