import type { RenderedFamily, RenderedSample } from "../exposition/render.ts";
import { Labels } from "../series/labels.ts";
import { family } from "./exporter-family.ts";
import type { AlertView, ExceptionView } from "./exporter-views.ts";
import { pageLabels } from "./page-labels.ts";
import type { PageRoom } from "./page-room.ts";

/** The severities and categories whose counts are always there, zeros included, so that a panel can say "none". */
const SEVERITIES = ["critical", "warning", "info"] as const;
const CATEGORIES = ["abuse", "availability", "integrity", "monitor", "security"] as const;

const STATES = ["pending", "firing"] as const;

/** Each alert's state and since when, those that fire first, as far as there is room; and how many there are of which kind. */
export function alertFamilies(alerts: readonly AlertView[], room: PageRoom): RenderedFamily[] {
  const all = gravest(alerts);
  const shown = [2, 1, 0].flatMap((state) =>
    all.filter((alert) => alert.state === state && room.take(state === 0 ? 1 : 2, alert.labels.key.length)),
  );
  const states = shown.map(({ labels, state }) => ({ labels, value: state }));
  const since = shown.flatMap(({ labels, activeSince }) =>
    activeSince === undefined ? [] : [{ labels, value: activeSince / 1000 }],
  );
  return [
    family("gauge", "alert_state", "State of each alert: 0 inactive, 1 pending, 2 firing.", states),
    family(
      "gauge",
      "alert_active_since_timestamp_seconds",
      "When the condition of a pending or firing alert first held.",
      since,
    ),
    family("gauge", "alerts", "Alerts by severity, category and state.", counts(alerts)),
  ];
}

/** Alerts as they look on the page. Two may look the same once their labels are fit for it; the graver one stands for both. */
function gravest(alerts: readonly AlertView[]): AlertView[] {
  const shown = new Map<string, AlertView>();
  for (const alert of alerts) {
    const labels = pageLabels(alert.labels);
    if ((shown.get(labels.key)?.state ?? -1) < alert.state) shown.set(labels.key, { ...alert, labels });
  }
  return [...shown.values()];
}

function counts(alerts: readonly AlertView[]): RenderedSample[] {
  const counts = new Map<string, { readonly labels: Labels; value: number }>();
  const count = (severity: string, category: string, state: string, more: number) => {
    const labels = Labels.of({ severity, category, state });
    const known = counts.get(labels.key);
    if (known) known.value += more;
    else counts.set(labels.key, { labels, value: more });
  };
  const kinds = SEVERITIES.flatMap((severity) => CATEGORIES.map((category) => ({ severity, category })));
  for (const { severity, category } of kinds) for (const state of STATES) count(severity, category, state, 0);
  for (const { severity, labels, state } of alerts) {
    const category = labels.get("category") ?? "";
    for (const [i, name] of STATES.entries()) count(severity, category, name, state === i + 1 ? 1 : 0);
  }
  return [...counts.values()];
}

/** How often exceptions were needed: one that never was hides what it was not made for. */
export function exceptionFamily(exceptions: Iterable<ExceptionView>): RenderedFamily {
  const counts = new Map<string, { readonly labels: Labels; value: number }>();
  for (const { alertname, position, hits } of exceptions) {
    const labels = pageLabels(Labels.of({ alertname, position }));
    const known = counts.get(labels.key);
    if (known) known.value += hits;
    else counts.set(labels.key, { labels, value: hits });
  }
  const help = "Findings that an exception kept from alerting, at each evaluation.";
  return family("counter", "exception_hits_total", help, [...counts.values()]);
}
