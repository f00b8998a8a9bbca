import { expect, test } from "vitest";
import { PageRoom } from "../../src/outputs/page-room.ts";
import { Labels } from "../../src/series/labels.ts";
import { AT, alertOf, pageOf, samplesOf, subjectOf } from "./exporter-page.ts";

test("series take room by their number and by their length, together or not at all", () => {
  const room = new PageRoom(10);
  expect([room.take(6, 10), room.take(6, 10), room.take(4, 600), room.take(4, 10)]).toEqual([true, false, false, true]);
  expect(room.leftOut).toBe(10);
});

test("where not all alerts have room those that fire are shown, and what is left out is counted", () => {
  const alerts = ([0, 1, 2] as const).map((state) => alertOf({ alertname: `X${state}` }, state));
  const text = pageOf({ alerts: () => alerts }, 3);
  expect(samplesOf(text, "alert_state")).toEqual([
    'triton_sentinel_alert_state{alertname="X2"} 2',
    'triton_sentinel_alert_state{alertname="X0"} 0',
  ]);
  expect(samplesOf(text, "exporter_series_left_out")).toEqual(["triton_sentinel_exporter_series_left_out 2"]);
  expect(samplesOf(text, "alerts").filter((line) => line.endsWith(" 1"))).toHaveLength(2);
});

test("models have room of their own, and take none of the alerts'", () => {
  const models = Array.from({ length: 5 }, (_, i) => ({ labels: Labels.of({ model: `m${i}` }), firstSeen: AT }));
  const text = pageOf({ models: () => models, alerts: () => [alertOf({ alertname: "X" }, 2)] }, 4);
  expect(samplesOf(text, "model_info")).toHaveLength(2);
  expect(samplesOf(text, "alert_state")).toHaveLength(1);
  expect(samplesOf(text, "exporter_series_left_out")).toEqual(["triton_sentinel_exporter_series_left_out 6"]);
});

test("subjects with long names push out none with short ones", () => {
  const long = Array.from({ length: 9 }, (_, i) => subjectOf(`${i}`.padEnd(900, "x")));
  const text = pageOf({ subjects: () => [...long, subjectOf("bert")] }, 20);
  expect(samplesOf(text, "observed").map((line) => /model="(\w{1,9})/.exec(line)?.[1])).toContain("bert");
  expect(samplesOf(text, "anomaly_score").length).toBeLessThan(10);
});
