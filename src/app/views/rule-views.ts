import type { ExceptionState } from "../../monitor/exceptions.ts";
import type { RuleHealth } from "../../monitor/rule-health.ts";
import type { World } from "../../monitor/world.ts";
import type { AlertRule, Condition, Detect, Position, Rule, RuleGroup, Selector } from "../../rules/types.ts";
import { formatMatcher } from "../../series/matchers.ts";
import { formatDuration, formatTime } from "../../series/time.ts";
import type { SeriesSignal } from "../../signals/types.ts";
import type {
  ApiAlertingRule,
  ApiException,
  ApiLabels,
  ApiRuleGroup,
  ApiRuleGroups,
  Json,
} from "../../web/api-types.ts";
import { isStale, showAlert } from "./alert-views.ts";

/** What stands for an instant that never was: the zero time of Go, as Prometheus shows it. */
export const NEVER = "0001-01-01T00:00:00Z";

/** The groups of rules in force, each rule with its health and its alerts. */
export function showRules(world: World): ApiRuleGroups {
  return { groups: world.rules.groups.map((group) => showGroup(world, group)) };
}

function showGroup(world: World, group: RuleGroup): ApiRuleGroup {
  const { last, seconds } = world.evaluationOf(group);
  return {
    name: group.name,
    file: group.file,
    interval: (group.interval ?? 0) / 1000,
    limit: group.limit,
    rules: group.rules.map((rule) => showRule(world, rule)),
    evaluationTime: seconds,
    lastEvaluation: last === undefined ? NEVER : formatTime(last),
  };
}

const healthOf = (world: World, rule: Rule): RuleHealth | undefined =>
  rule.kind === "alert" ? world.ruleStates.get(rule) : world.recordStates.get(rule);

function showRule(world: World, rule: Rule): ApiRuleGroup["rules"][number] {
  const health = showHealth(healthOf(world, rule), rule.position);
  if (rule.kind === "alert") return { ...showAlertingRule(world, rule), ...health };
  return { type: "recording", name: rule.name, query: rule.text, labels: Object.fromEntries(rule.labels), ...health };
}

function showAlertingRule(world: World, rule: AlertRule): Omit<ApiAlertingRule, keyof ReturnType<typeof showHealth>> {
  const state = world.ruleStates.get(rule);
  const alerts = [...(state?.alerts() ?? [])].filter(({ is }) => is.state !== "resolved");
  return {
    type: "alerting",
    name: rule.name,
    state: stateOf(alerts.map(({ is }) => is.state)),
    query: queryOf(rule.condition),
    kind: rule.condition.kind,
    duration: rule.for / 1000,
    keepFiringFor: rule.keepFiringFor / 1000,
    labels: textsOf(rule.labels),
    annotations: textsOf(rule.annotations),
    exceptions: [...(state?.exceptions ?? [])].map((one) => showException(world, one)),
    alerts: alerts.map((alert) => showAlert(world, alert, state !== undefined && isStale(world, state, alert))),
  };
}

function showException(world: World, { exception, hits }: ExceptionState): ApiException {
  const { match, until, reason, position } = exception;
  return {
    match: match.map(formatMatcher),
    ...(until !== undefined && { until: formatTime(until) }),
    reason,
    position: positionText(position),
    hits,
    expired: until !== undefined && world.lastTick !== undefined && until <= world.lastTick,
  };
}

const stateOf = (states: readonly string[]): ApiAlertingRule["state"] =>
  states.includes("firing") ? "firing" : states.includes("pending") ? "pending" : "inactive";

function showHealth(health: RuleHealth | undefined, position: Position) {
  return {
    health: health?.health ?? "unknown",
    ...(health?.lastError !== undefined && { lastError: health.lastError }),
    evaluationTime: health?.evaluationSeconds ?? 0,
    lastEvaluation: health?.lastEvaluation === undefined ? NEVER : formatTime(health.lastEvaluation),
    position: positionText(position),
  };
}

const positionText = ({ file, line, column }: Position): string => `${file}:${line}:${column}`;

const textsOf = (written: AlertRule["labels"]): ApiLabels =>
  Object.fromEntries(written.map(([name, { text }]) => [name, text]));

const queryOf = (condition: Condition): string =>
  condition.kind === "expr" ? condition.text : JSON.stringify(blockOf(condition.detect));

/** A `detect:` block as it could be written, with every default; what is only counted has no statistics. */
function blockOf({ signal, baseline, ...rest }: Detect): Json {
  if (signal.kind === "models") return { models: signal.events, by: rest.by };
  const plain = { ...rest, baseline: { ...baseline, half_life: formatDuration(baseline.half_life) } };
  return { [signal.kind]: signalOf(signal), ...(plain as unknown as Readonly<Record<string, Json>>) };
}

/** The parts of a signal: selectors as they were written. */
function signalOf({ kind: _kind, ...parts }: SeriesSignal): Json {
  const lists: readonly (readonly [string, readonly Selector[]])[] = Object.entries(parts);
  return Object.fromEntries(lists.map(([name, selectors]) => [name, selectors.map(({ text }) => text)]));
}
