import { type RenderedFamily, type RenderedSample, renderFamily } from "../exposition/render.ts";
import { Labels } from "../series/labels.ts";
import { renderDetectorSeries } from "./detector-series.ts";
import type { AlertView, ExporterViews, ModelEventView, ModelView, TargetView } from "./exporter-views.ts";
import { pageLabels } from "./page-labels.ts";

/** The severities whose counts are always there, zeros included, so that a panel can say "none". */
const SEVERITIES = ["critical", "warning", "info"] as const;

/**
 * Our own /metrics page in text format 0.0.4: the program's self-metrics as they come, then alerts, detectors, the inventory of
 * models, and targets.
 * @param selfMetrics text that ends its last line and shares no family with the rest
 * @param maxSeries most series of detectors; what is left out is counted on the page
 */
export function renderExporterPage(selfMetrics: string, views: ExporterViews, maxSeries: number): string {
  const detectors = renderDetectorSeries(views.subjects(), maxSeries);
  const families = [
    ...alertFamilies([...views.alerts()]),
    ...modelFamilies([...views.models()], [...views.modelEvents()]),
    ...targetFamilies([...views.targets()]),
    family("gauge", "exporter_series_left_out", "Detector series this page has no room for.", [
      { labels: Labels.EMPTY, value: detectors.leftOut },
    ]),
  ];
  return selfMetrics + families.map(renderFamily).join("") + detectors.text;
}

function family(
  type: RenderedFamily["type"],
  name: string,
  help: string,
  samples: readonly RenderedSample[],
): RenderedFamily {
  return { name: `triton_sentinel_${name}`, help, type, samples };
}

function alertFamilies(alerts: readonly AlertView[]): RenderedFamily[] {
  // Two alerts may look the same once their labels are fit for the page; the graver one stands for both.
  const states = new Map<string, RenderedSample>();
  const counts = new Map(SEVERITIES.map((severity) => [severity as string, [0, 0, 0]]));
  for (const { labels, state, severity } of alerts) {
    const shown = pageLabels(labels);
    if ((states.get(shown.key)?.value ?? -1) < state) states.set(shown.key, { labels: shown, value: state });
    const count = counts.get(severity) ?? [0, 0, 0];
    count[state] = (count[state] ?? 0) + 1;
    counts.set(severity, count);
  }
  const counted = [...counts].flatMap(([severity, [, pending = 0, firing = 0]]) => [
    {
      labels: Labels.from([
        ["severity", severity],
        ["state", "pending"],
      ]),
      value: pending,
    },
    {
      labels: Labels.from([
        ["severity", severity],
        ["state", "firing"],
      ]),
      value: firing,
    },
  ]);
  return [
    family("gauge", "alert_state", "State of each alert: 0 inactive, 1 pending, 2 firing.", [...states.values()]),
    family("gauge", "alerts", "Alerts by severity and state.", counted),
  ];
}

function modelFamilies(models: readonly ModelView[], events: readonly ModelEventView[]): RenderedFamily[] {
  const known = models.map(({ labels, firstSeen }) => ({ labels: pageLabels(labels), firstSeen }));
  const happened = events.map(({ labels, count, lastAt }) => ({ labels: pageLabels(labels), count, lastAt }));
  return [
    family(
      "gauge",
      "model_info",
      "Constant 1 for each model version that is loaded.",
      known.map(({ labels }) => ({ labels, value: 1 })),
    ),
    family(
      "gauge",
      "model_first_seen_timestamp_seconds",
      "When a model version was first seen.",
      known.map(({ labels, firstSeen }) => ({ labels, value: firstSeen / 1000 })),
    ),
    family(
      "counter",
      "model_events_total",
      "Events in the life of a model version.",
      happened.map(({ labels, count }) => ({ labels, value: count })),
    ),
    family(
      "gauge",
      "model_event_timestamp_seconds",
      "When an event last happened to a model version.",
      happened.map(({ labels, lastAt }) => ({ labels, value: lastAt / 1000 })),
    ),
  ];
}

function targetFamilies(targets: readonly TargetView[]): RenderedFamily[] {
  const shown = targets.map((target) => ({ ...target, labels: pageLabels(target.labels) }));
  const each = (value: (target: TargetView) => number | undefined): RenderedSample[] =>
    shown.flatMap((target) => {
      const found = value(target);
      return found === undefined ? [] : [{ labels: target.labels, value: found }];
    });
  const failures = shown.flatMap(({ labels, failures }) =>
    [...failures].map(([reason, value]) => ({ labels: labels.with({ reason }), value })),
  );
  return [
    family(
      "gauge",
      "target_up",
      "1 where the last scrape of a target succeeded, otherwise 0.",
      each(({ up }) => (up ? 1 : 0)),
    ),
    family(
      "gauge",
      "scrape_duration_seconds",
      "How long the last scrape took.",
      each((target) => target.durationSeconds),
    ),
    family(
      "gauge",
      "scrape_samples",
      "Samples on the last page.",
      each(({ samples }) => samples),
    ),
    family(
      "gauge",
      "scrape_body_bytes",
      "Size of the last page.",
      each(({ bodyBytes }) => bodyBytes),
    ),
    family(
      "gauge",
      "last_success_timestamp_seconds",
      "When a target was last scraped successfully.",
      each(({ lastSuccess }) => (lastSuccess === undefined ? undefined : lastSuccess / 1000)),
    ),
    family("counter", "scrape_failures_total", "Scrapes that failed, by what came of them.", failures),
  ];
}
