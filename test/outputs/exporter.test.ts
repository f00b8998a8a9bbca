import { describe, expect, test } from "vitest";
import { renderExporterPage } from "../../src/outputs/exporter.ts";
import type { AlertView, ExporterViews, SubjectView, TargetView } from "../../src/outputs/exporter-views.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs } from "../../src/series/time.ts";
import { Telemetry } from "../../src/telemetry/telemetry.ts";
import { promtool, promtoolMissing } from "./promtool.ts";

const NOTHING: ExporterViews = {
  alerts: () => [],
  subjects: () => [],
  models: () => [],
  modelEvents: () => [],
  targets: () => [],
};

const page = (views: Partial<ExporterViews>, maxSeries = 10_000) =>
  renderExporterPage("", { ...NOTHING, ...views }, maxSeries);

/** The sample lines of one family. */
const samplesOf = (text: string, name: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith(`triton_sentinel_${name}{`) || line.startsWith(`triton_sentinel_${name} `));

const alert = (labels: Record<string, string>, state: AlertView["state"], severity = "warning"): AlertView => ({
  labels: Labels.of(labels),
  state,
  severity,
});

const subject = (model: string, more: Partial<SubjectView> = {}): SubjectView => ({
  rule: "R",
  labels: Labels.of({ instance: "a:8002", model }),
  observed: 3,
  expected: 2,
  lower: 1,
  upper: 4,
  score: 0.5,
  learning: false,
  normal: true,
  ...more,
});

describe("alerts", () => {
  test("show their state, with the server as target", () => {
    const text = page({
      alerts: () => [
        alert({ alertname: "X", job: "triton", instance: "a:8002", model: "bert" }, 2),
        alert({ alertname: "X", job: "triton", instance: "b:8002", model: "bert" }, 0),
      ],
    });
    expect(samplesOf(text, "alert_state")).toEqual([
      'triton_sentinel_alert_state{alertname="X",model="bert",target="a:8002",target_job="triton"} 2',
      'triton_sentinel_alert_state{alertname="X",model="bert",target="b:8002",target_job="triton"} 0',
    ]);
  });

  test("are counted by severity and state, zeros included", () => {
    const text = page({
      alerts: () => [alert({ alertname: "X" }, 2, "critical"), alert({ alertname: "Y" }, 1, "page")],
    });
    expect(samplesOf(text, "alerts")).toEqual([
      'triton_sentinel_alerts{severity="critical",state="pending"} 0',
      'triton_sentinel_alerts{severity="critical",state="firing"} 1',
      'triton_sentinel_alerts{severity="warning",state="pending"} 0',
      'triton_sentinel_alerts{severity="warning",state="firing"} 0',
      'triton_sentinel_alerts{severity="info",state="pending"} 0',
      'triton_sentinel_alerts{severity="info",state="firing"} 0',
      'triton_sentinel_alerts{severity="page",state="pending"} 1',
      'triton_sentinel_alerts{severity="page",state="firing"} 0',
    ]);
  });

  test("that look alike on the page are one series, the graver one", () => {
    const text = page({
      alerts: () => [
        alert({ alertname: "X", "a-b": "1" }, 1),
        alert({ alertname: "X", "a.b": "1" }, 2),
        alert({ alertname: "X", a_b: "1" }, 0),
      ],
    });
    expect(samplesOf(text, "alert_state")).toEqual(['triton_sentinel_alert_state{a_b="1",alertname="X"} 2']);
  });
});

describe("detector series", () => {
  test("carry the rule and the subject", () => {
    const text = page({ subjects: () => [subject("bert", { learning: true })] });
    const labels = '{model="bert",rule="R",target="a:8002"}';
    expect(text.split("\n").filter((line) => line.includes(labels))).toEqual([
      `triton_sentinel_anomaly_score${labels} 0.5`,
      `triton_sentinel_observed${labels} 3`,
      `triton_sentinel_expected${labels} 2`,
      `triton_sentinel_lower${labels} 1`,
      `triton_sentinel_upper${labels} 4`,
      `triton_sentinel_learning${labels} 1`,
    ]);
  });

  test("absence of evidence is no series", () => {
    const { observed: _, expected: __, ...rest } = subject("bert");
    const text = page({ subjects: () => [rest] });
    expect([samplesOf(text, "observed"), samplesOf(text, "upper").length]).toEqual([[], 1]);
  });

  test("room goes to all scores, then to what is not normal, then to the rest; what is left out is counted", () => {
    const subjects = () => [subject("a"), subject("b", { normal: false }), subject("c")];
    const shown = (max: number) => {
      const text = page({ subjects }, max);
      return [
        samplesOf(text, "anomaly_score").length,
        samplesOf(text, "observed").map((line) => /model="(.)"/.exec(line)?.[1]),
        samplesOf(text, "exporter_series_left_out"),
      ];
    };
    const leftOut = (n: number) => [`triton_sentinel_exporter_series_left_out ${n}`];
    expect(shown(18)).toEqual([3, ["b", "a", "c"], leftOut(0)]);
    expect(shown(13)).toEqual([3, ["b", "a"], leftOut(5)]);
    expect(shown(12)).toEqual([3, ["b"], leftOut(10)]);
    expect(shown(3)).toEqual([3, [], leftOut(15)]);
    expect(shown(2)).toEqual([2, [], leftOut(16)]);
    expect(shown(0)).toEqual([0, [], leftOut(18)]);
  });
});

test("models and their events are shown with times in seconds", () => {
  const labels = Labels.of({ instance: "a:8002", model: "bert", version: "1" });
  const text = page({
    models: () => [{ labels, firstSeen: epochMs(1_795_000_000_500) }],
    modelEvents: () => [{ labels: labels.with({ event: "reloaded" }), count: 2, lastAt: epochMs(1_795_000_060_000) }],
  });
  const shown = 'model="bert",target="a:8002",version="1"}';
  for (const line of [
    `triton_sentinel_model_info{${shown} 1`,
    `triton_sentinel_model_first_seen_timestamp_seconds{${shown} 1795000000.5`,
    `triton_sentinel_model_events_total{event="reloaded",${shown} 2`,
    `triton_sentinel_model_event_timestamp_seconds{event="reloaded",${shown} 1795000060`,
  ]) {
    expect(text.split("\n")).toContain(line);
  }
});

test("a target that has never been scraped has no time of last success", () => {
  const target: TargetView = {
    labels: Labels.of({ job: "triton", instance: "a:8002" }),
    up: false,
    durationSeconds: 0.3,
    samples: 0,
    bodyBytes: 0,
    failures: new Map([["too-slow", 3]]),
  };
  const text = page({ targets: () => [target] });
  expect(samplesOf(text, "target_up")).toEqual(['triton_sentinel_target_up{target="a:8002",target_job="triton"} 0']);
  expect(samplesOf(text, "last_success_timestamp_seconds")).toEqual([]);
  expect(samplesOf(text, "scrape_failures_total")).toEqual([
    'triton_sentinel_scrape_failures_total{reason="too-slow",target="a:8002",target_job="triton"} 3',
  ]);
});

test.skipIf(promtoolMissing)("promtool has nothing to object to, whatever models and labels are called", async () => {
  const names = ['a"b', "a\nb", "a{b}", "a\\", "模型 ü", "}", "# TYPE x counter", "__proto__", "a\u2028b", "\u0000"];
  const labels = names.map((model) =>
    Labels.from([
      ["instance", "a:8002"],
      ["model", model],
      ["bad-name.9", "x"],
      ["9", "y"],
    ]),
  );
  const telemetry = new Telemetry({
    version: "1",
    revision: "r",
    logLevel: "error",
    logFormat: "json",
    sink: { write() {} },
  });
  const text = renderExporterPage(
    await telemetry.metricsText(),
    {
      alerts: () =>
        labels.map((of) => ({ labels: of.with({ alertname: "X", target: "mine" }), state: 2, severity: "evil\n" })),
      subjects: () =>
        labels.map((of) => ({ ...subject(""), labels: of, rule: 'R"', score: Number.NaN, upper: Infinity })),
      models: () => labels.map((of) => ({ labels: of, firstSeen: epochMs(1) })),
      modelEvents: () => labels.map((of) => ({ labels: of.with({ event: "loaded" }), count: 1, lastAt: epochMs(1) })),
      targets: () => [
        {
          labels: Labels.of({ instance: "a" }),
          up: true,
          durationSeconds: 1,
          samples: 1,
          bodyBytes: 1,
          lastSuccess: epochMs(1),
          failures: new Map([["x", 1]]),
        },
      ],
    },
    10_000,
  );
  expect(text).toContain('exported_target="mine"');
  expect(await promtool(["check", "metrics"], page({}))).toEqual({ code: 0, output: "" });
  expect(await promtool(["check", "metrics"], text)).toEqual({ code: 0, output: "" });
});
