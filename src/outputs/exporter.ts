import { type RenderedFamily, type RenderedSample, renderFamily } from "../exposition/render.ts";
import { type ExpositionFormat, toOpenMetrics } from "../exposition/render-openmetrics.ts";
import { Labels } from "../series/labels.ts";
import { renderDetectorSeries } from "./detector-series.ts";
import { alertFamilies, exceptionFamily } from "./exporter-alerts.ts";
import { family } from "./exporter-family.ts";
import { ruleFamilies } from "./exporter-rules.ts";
import type { ExporterViews, ModelEventView, ModelView, TargetView } from "./exporter-views.ts";
import { pageLabels } from "./page-labels.ts";
import { PageRoom } from "./page-room.ts";

/**
 * Our own /metrics page: the program's self-metrics, then alerts, the inventory of models, targets, and detectors. No sample
 * carries a time: what is on the page is so now.
 * @param selfMetrics in text format 0.0.4; ends its last line and shares no family with the rest
 * @param maxSeries most series of detectors, of alerts, and of models; what is left out is counted on the page
 * @param format text format 0.0.4 or OpenMetrics 1.0; both show the same
 */
export function renderExporterPage(
  selfMetrics: string,
  views: ExporterViews,
  maxSeries: number,
  format: ExpositionFormat = "text",
): string {
  const detectors = renderDetectorSeries(views.subjects(), maxSeries);
  // Each has room of its own: alerts must not push out detectors, nor models alerts.
  const [forAlerts, forModels] = [new PageRoom(maxSeries), new PageRoom(maxSeries)];
  const shown = [
    ...alertFamilies([...views.alerts()], forAlerts),
    exceptionFamily(views.exceptions()),
    ...ruleFamilies(views.rules()),
    ...modelFamilies(views.models(), views.modelEvents(), forModels),
    ...targetFamilies([...views.targets()]),
  ];
  const leftOut = detectors.leftOut + forAlerts.leftOut + forModels.leftOut;
  const families = [
    ...shown,
    family("gauge", "exporter_series_left_out", "Series of detectors, alerts and models this page has no room for.", [
      { labels: Labels.EMPTY, value: leftOut },
    ]),
  ];
  const page = selfMetrics + families.map(renderFamily).join("") + detectors.text;
  return format === "openmetrics" ? toOpenMetrics(page) : page;
}

function modelFamilies(
  models: Iterable<ModelView>,
  events: Iterable<ModelEventView>,
  room: PageRoom,
): RenderedFamily[] {
  const known = roomFor(models, room);
  const happened = roomFor(events, room);
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

/** What the page has room for, with two series for each. */
const roomFor = <View extends { readonly labels: Labels }>(views: Iterable<View>, room: PageRoom): readonly View[] =>
  [...views]
    .map((view) => ({ ...view, labels: pageLabels(view.labels) }))
    .filter(({ labels }) => room.take(2, labels.key.length));

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
