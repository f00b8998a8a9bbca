import type { Alert } from "../../alerts/types.ts";
import type { RuleState } from "../../monitor/rule-state.ts";
import type { World } from "../../monitor/world.ts";
import { formatGo } from "../../rules/template-format.ts";
import { fingerprint, type Labels } from "../../series/labels.ts";
import { type EpochMs, formatTime } from "../../series/time.ts";
import type { ApiAlert, ApiAlerts } from "../../web/api-types.ts";

/** Prometheus' text of a value: Go's %e with as many digits as it needs. */
const valueText = (value: number): string => formatGo(value, "e");

/** An alert as the API shows it. @param stale nothing can be said of it now */
export function showAlert(world: World, { labels, annotations, value, evidence, is }: Alert, stale: boolean): ApiAlert {
  const named = fingerprint(labels);
  const given = world.feedback.of({ fingerprint: named, activeAt: is.activeAt });
  return {
    fingerprint: named,
    labels: labels.toJSON(),
    annotations,
    state: is.state,
    activeAt: formatTime(is.activeAt),
    ...(is.state !== "pending" && { firedAt: formatTime(is.firedAt) }),
    ...(is.state === "resolved" && { resolvedAt: formatTime(is.resolvedAt) }),
    ...(is.state === "firing" && kept(is.keptSince)),
    value: valueText(value),
    evidence,
    ...(stale && { stale }),
    ...(given && { feedback: { ...given, at: formatTime(given.at) } }),
  };
}

const kept = (since: EpochMs | undefined) => since !== undefined && { keepFiringSince: formatTime(since) };

/** Every alert that is pending or firing; with `resolved` also those that ended lately, once each; and which keep back others. */
export function showAlerts(
  world: World,
  resolved: boolean,
  inhibitedBy: (own: Labels, firedAt: EpochMs) => Labels | undefined,
): ApiAlerts {
  const active: ApiAlert[] = [];
  const ended = new Map<string, ApiAlert>();
  for (const state of world.ruleStates.values()) {
    for (const alert of state.alerts()) {
      const inhibitor = alert.is.state === "firing" ? inhibitedBy(alert.labels, alert.is.firedAt) : undefined;
      const inhibited = inhibitor && { inhibitedBy: [fingerprint(inhibitor)] };
      if (alert.is.state !== "resolved")
        active.push({ ...showAlert(world, alert, isStale(world, state, alert)), ...inhibited });
      else if (resolved) ended.set(alert.labels.key, showAlert(world, alert, false));
    }
  }
  if (resolved) for (const { alert } of world.ended.all()) ended.set(alert.labels.key, showAlert(world, alert, false));
  return { alerts: [...active, ...ended.values()] };
}

/**
 * Whether an alert is shown as it was, because nothing can be said of it now: its rule fails, or a detector cannot read its
 * target. An expression speaks of what cannot be scraped too, TritonTargetDown of nothing else.
 */
export const isStale = (world: World, { rule, health }: RuleState, { labels, is }: Alert): boolean =>
  is.state !== "resolved" && (health === "err" || (rule.condition.kind === "detect" && world.unknown(labels)));
