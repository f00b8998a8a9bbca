import { describe, expect, test } from "vitest";
import { renderExporterPage } from "../../src/outputs/exporter.ts";
import type { TargetView } from "../../src/outputs/exporter-views.ts";
import { Labels } from "../../src/series/labels.ts";
import { epochMs } from "../../src/series/time.ts";
import { AT, alertOf, busyTelemetry, hostileViews, pageOf, samplesOf, subjectOf } from "./exporter-page.ts";
import { promtool, promtoolMissing } from "./promtool.ts";

describe("alerts", () => {
  test("show their state, with the server as target", () => {
    const text = pageOf({
      alerts: () => [
        alertOf({ alertname: "X", job: "triton", instance: "a:8002", model: "bert" }, 2),
        alertOf({ alertname: "X", job: "triton", instance: "b:8002", model: "bert" }, 0),
      ],
    });
    expect(samplesOf(text, "alert_state")).toEqual([
      'triton_sentinel_alert_state{alertname="X",model="bert",target="a:8002",target_job="triton"} 2',
      'triton_sentinel_alert_state{alertname="X",model="bert",target="b:8002",target_job="triton"} 0',
    ]);
  });

  test("say since when their condition holds, as long as it does", () => {
    const text = pageOf({ alerts: () => [alertOf({ alertname: "X" }, 1), alertOf({ alertname: "Y" }, 0)] });
    expect(samplesOf(text, "alert_active_since_timestamp_seconds")).toEqual([
      'triton_sentinel_alert_active_since_timestamp_seconds{alertname="X"} 1795000000.5',
    ]);
  });

  test("are counted by severity, category and state, zeros included", () => {
    const of = (alertname: string, category: string) => ({ alertname, category });
    const text = pageOf({
      alerts: () => [
        alertOf(of("X", "integrity"), 2, "critical"),
        alertOf(of("Y", "mine"), 1, "page"),
        alertOf(of("Z", "abuse"), 0),
      ],
    });
    const counts = samplesOf(text, "alerts");
    expect(counts).toHaveLength(3 * 5 * 2 + 2);
    expect(counts.filter((line) => !line.endsWith(" 0"))).toEqual([
      'triton_sentinel_alerts{category="integrity",severity="critical",state="firing"} 1',
      'triton_sentinel_alerts{category="mine",severity="page",state="pending"} 1',
    ]);
    expect(counts).toContain('triton_sentinel_alerts{category="mine",severity="page",state="firing"} 0');
    expect(samplesOf(pageOf({}), "alerts")).toHaveLength(3 * 5 * 2);
  });

  test("that look alike on the page are one series, the graver one", () => {
    const text = pageOf({
      alerts: () => [
        alertOf({ alertname: "X", "a-b": "1" }, 1),
        alertOf({ alertname: "X", "a.b": "1" }, 2),
        alertOf({ alertname: "X", a_b: "1" }, 0),
      ],
    });
    expect(samplesOf(text, "alert_state")).toEqual(['triton_sentinel_alert_state{a_b="1",alertname="X"} 2']);
  });
});

describe("detector series", () => {
  test("carry the rule and the subject", () => {
    const text = pageOf({ subjects: () => [subjectOf("bert", { learning: true })] });
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
    const { observed: _, expected: __, ...rest } = subjectOf("bert");
    const text = pageOf({ subjects: () => [rest] });
    expect([samplesOf(text, "observed"), samplesOf(text, "upper").length]).toEqual([[], 1]);
  });

  test("room goes to all scores, then to what is not normal, then to the rest; what is left out is counted", () => {
    const subjects = () => [subjectOf("a"), subjectOf("b", { normal: false }), subjectOf("c")];
    const shown = (max: number) => {
      const text = pageOf({ subjects }, max);
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
  const text = pageOf({
    models: () => [{ labels, firstSeen: AT }],
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
  const text = pageOf({ targets: () => [target] });
  expect(samplesOf(text, "target_up")).toEqual(['triton_sentinel_target_up{target="a:8002",target_job="triton"} 0']);
  expect(samplesOf(text, "last_success_timestamp_seconds")).toEqual([]);
  expect(samplesOf(text, "scrape_failures_total")).toEqual([
    'triton_sentinel_scrape_failures_total{reason="too-slow",target="a:8002",target_job="triton"} 3',
  ]);
});

test.skipIf(promtoolMissing)("promtool has nothing to object to, whatever models and labels are called", async () => {
  const text = renderExporterPage(await busyTelemetry().metricsText(), hostileViews(), 10_000);
  expect(text).toContain('exported_target="mine"');
  expect(await promtool(["check", "metrics"], pageOf({}))).toEqual({ code: 0, output: "" });
  expect(await promtool(["check", "metrics"], text)).toEqual({ code: 0, output: "" });
});

test("no sample carries a time", () => {
  const text = renderExporterPage("", hostileViews(), 10_000);
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(samples.filter((line) => !/[}a-z] [^ {}]+$/.test(line))).toEqual([]);
});
