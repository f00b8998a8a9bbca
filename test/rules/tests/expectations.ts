import { parseExpr } from "../../../src/promql/parse.ts";
import type { SeenAlert } from "../../../src/rules/tests/match-alerts.ts";
import { parseMetric } from "../../../src/rules/tests/metric-text.ts";
import type { AlertExpectation, ExpectedAlert, SampleExpectation } from "../../../src/rules/tests/types.ts";
import { Labels } from "../../../src/series/labels.ts";
import { durationMs } from "../../../src/series/time.ts";

type Texts = Readonly<Record<string, string>>;

const PLACE = { file: "test.yml", line: 1, column: 1 };

/** An alert that is expected. */
export const wanted = (labels: Texts, annotations: Texts = {}): ExpectedAlert => ({
  labels: new Map(Object.entries(labels)),
  annotations: new Map(Object.entries(annotations)),
});

/** An alert that came. */
export const seen = (labels: Texts, annotations: Texts = {}): SeenAlert => ({ labels: Labels.of(labels), annotations });

/** What is expected of the alert "A" after five minutes. */
export const alertsOf = (alerts: readonly ExpectedAlert[], more: Partial<AlertExpectation> = {}): AlertExpectation => ({
  place: PLACE,
  at: durationMs(300_000),
  alertname: "A",
  state: "firing",
  subset: false,
  alerts,
  ...more,
});

/** Samples by their series, "x{a="1"}". */
export const samples = (all: readonly (readonly [series: string, value: number])[]) =>
  all.map(([series, value]) => ({ labels: parseMetric(series), value }));

/** What is expected of the expression "x" after a minute. */
export const samplesOf = (...all: readonly (readonly [series: string, value: number])[]): SampleExpectation => ({
  place: PLACE,
  at: durationMs(60_000),
  text: "x",
  tree: parseExpr("x"),
  samples: samples(all),
});
