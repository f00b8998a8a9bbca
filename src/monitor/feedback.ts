import type { Alert } from "../alerts/types.ts";
import { unitOf } from "../rules/evidence.ts";
import type { Learned } from "../rules/judge.ts";
import { describeTolerance } from "../rules/tolerance.ts";
import type { AlertRule } from "../rules/types.ts";
import { watchesSeries } from "../rules/watch.ts";
import { fingerprint } from "../series/labels.ts";
import { type EpochMs, formatTime } from "../series/time.ts";
import { subjectOf } from "./alert-subjects.ts";
import type { MonitorEvent } from "./events.ts";
import type { FeedbackInput } from "./inputs.ts";
import { publishAlerts } from "./publish.ts";
import type { TargetState } from "./target-state.ts";
import type { World } from "./world.ts";

/** An alert that is listed, with its rule; `rule` and `target` are undefined where they are gone or there is none. */
interface Found {
  readonly alert: Alert;
  readonly rule: AlertRule | undefined;
  readonly target: TargetState | undefined;
}

/**
 * Takes a person's word on an alert. What a `detect:` rule found and a person calls normal ends at once and may teach; what they
 * call an attack never becomes normal by lasting. The last word stands; the same by the same person with the same note changes nothing.
 */
export function takeFeedback(world: World, input: FeedbackInput, at: EpochMs, events: MonitorEvent[]): void {
  const found = findAlert(world, input.fingerprint);
  if (!found) {
    events.push({ kind: "feedback", at, feedback: input, outcome: "unknown" });
    return;
  }
  const { labels, is } = found.alert;
  const name = { fingerprint: input.fingerprint, activeAt: is.activeAt };
  const before = world.feedback.of(name);
  const { verdict, note, by } = input;
  if (before?.verdict === verdict && before.note === note && before.by === by) {
    events.push({ kind: "feedback", at, feedback: input, outcome: "repeated", labels, did: before.did });
    return;
  }
  const learned = learnFrom(world, found, input, at);
  const did = describeLearned(learned, found.rule);
  world.feedback.set(name, { verdict, note, by, at, did });
  events.push({ kind: "feedback", at, feedback: input, outcome: "recorded", labels, did });
  if (verdict === "true" || learned.kind !== "tolerated") return;
  endAlert(world, found, verdict === "false" ? "false-alarm" : "expected", at, events);
}

function endAlert(
  world: World,
  { alert, rule, target }: Found,
  reason: "false-alarm" | "expected",
  at: EpochMs,
  events: MonitorEvent[],
): void {
  const state = rule && world.ruleStates.get(rule);
  if (!state) return;
  for (const transition of state.end(target, alert.labels, at, reason)) {
    events.push({ kind: "transition", rule, transition });
  }
  publishAlerts(world, rule, target, at);
}

/** The alert of a fingerprint: rather one that is pending or fires than one that ended. */
function findAlert(world: World, wanted: string): Found | undefined {
  let ended: Found | undefined;
  for (const [rule, state] of world.ruleStates) {
    for (const target of [undefined, ...world.targets.values()]) {
      for (const alert of state.alertsOf(target)) {
        if (fingerprint(alert.labels) !== wanted) continue;
        if (alert.is.state !== "resolved") return { alert, rule, target };
        ended = { alert, rule, target };
      }
    }
  }
  if (ended) return ended;
  for (const { alert } of world.ended.all()) {
    if (fingerprint(alert.labels) === wanted) return { alert, rule: undefined, target: undefined };
  }
  return undefined;
}

function learnFrom(world: World, { alert, rule, target }: Found, input: FeedbackInput, at: EpochMs): Learned {
  if (!rule) return nothing("its rule or its target is gone");
  const { condition } = rule;
  if (condition.kind === "expr") return nothing("its rule is an expression");
  if (!watchesSeries(condition.detect)) return nothing("its rule tells of events, which are facts");
  const judge = target && world.targetRules.get(target)?.judge(rule);
  const subject = judge && subjectOf(rule, judge, alert.labels);
  if (!subject) return nothing("no single subject of its rule is known by these labels");
  return judge.learnFrom(subject, { call: input.verdict, by: input.by, note: input.note }, at);
}

const nothing = (why: string): Learned => ({ kind: "nothing", why });

/** What was learned, for people. */
function describeLearned(learned: Learned, rule: AlertRule | undefined): string {
  if (learned.kind === "nothing") return `nothing is learned from it: ${learned.why}`;
  if (learned.kind === "confirmed") return "what was seen is kept out of what is normal, however long it lasts";
  const detect = rule?.condition.kind === "detect" ? rule.condition.detect : undefined;
  const unit = detect && watchesSeries(detect) ? unitOf(detect) : "level";
  const values = learned.tolerances.map((tolerance) => {
    return `${describeTolerance(tolerance, unit)} until ${formatTime(tolerance.until).slice(0, 10)}, less with time`;
  });
  return values.length > 0 ? values.join("; ") : "nothing is learned from it: no value of it is remembered";
}
