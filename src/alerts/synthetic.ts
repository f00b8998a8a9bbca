import { type Labels, METRIC_NAME } from "../series/labels.ts";
import { SECOND } from "../series/time.ts";
import type { Alert } from "./types.ts";

/** One sample of a series the program makes itself. */
export interface SyntheticSample {
  readonly labels: Labels;
  readonly value: number;
}

interface AlertSeries {
  readonly pending: Labels;
  readonly firing: Labels;
  readonly forState: Labels;
}

/** An alert keeps its label set for life, so its series are named once and not once a tick. */
const named = new WeakMap<Labels, AlertSeries>();

function seriesOf(labels: Labels): AlertSeries {
  let series = named.get(labels);
  if (series === undefined) {
    series = {
      pending: labels.with({ [METRIC_NAME]: "ALERTS", alertstate: "pending" }),
      firing: labels.with({ [METRIC_NAME]: "ALERTS", alertstate: "firing" }),
      forState: labels.with({ [METRIC_NAME]: "ALERTS_FOR_STATE" }),
    };
    named.set(labels, series);
  }
  return series;
}

/**
 * What `expr:` rules can read of alerts: `ALERTS{alertstate="pending"|"firing", …} 1` and `ALERTS_FOR_STATE{…}` with the whole
 * seconds since the epoch at which the condition began to hold, for pending and firing alerts, as in Prometheus.
 */
export function* syntheticSeries(alerts: Iterable<Alert>): Iterable<SyntheticSample> {
  for (const { labels, is } of alerts) {
    if (is.state === "resolved") continue;
    const series = seriesOf(labels);
    yield { labels: series[is.state], value: 1 };
    yield { labels: series.forState, value: Math.floor(is.activeAt / SECOND) };
  }
}
