import { describe, expect, test } from "vitest";
import { said } from "./lint.ts";

const alert = (expr: string): string => `- { alert: A, expr: '${expr}' }`;
const detect = (block: string): string => `- { alert: A, detect: { ${block} } }`;
const count = (lint: string, text: string): number => said(lint, text).length;

test.each([
  ["rate(nv_gpu_utilization[5m]) > 1", 1],
  ["increase(nv_cache_num_hits[5m]) > 1", 0],
  ["rate(nv_inference_count[5m]) > 1", 0],
  ["rate(nv_inference_first_response_histogram_ms_sum[5m]) > 1", 0],
  ["max_over_time(nv_gpu_utilization[5m]) > 1", 0],
])("rate-of-gauge of %s: %i", (expr, found) => expect(count("rate-of-gauge", alert(expr))).toBe(found));

test("signals that count want counters, and levels want gauges", () => {
  expect(said("rate-of-gauge", detect("rate: nv_gpu_utilization"))).toEqual([
    "nv_gpu_utilization is a gauge: expected a counter here, or the signal level",
  ]);
  expect(said("delta-of-counter", detect("level: { value: [nv_cpu_utilization, nv_inference_count] }"))).toEqual([
    "nv_inference_count is a counter, which only grows: expected a gauge, or the signal rate",
  ]);
  expect(count("delta-of-counter", alert("deriv(nv_energy_consumption[5m]) > 1"))).toBe(1);
});

test.each([
  ["sum(rate(nv_inference_count[5m])) > 1", 1],
  ["sum by (model) (rate(nv_inference_count[5m])) > 1", 0],
  ["sum without (version) (rate(nv_inference_count[5m])) > 1", 0],
  ["sum without (model, version) (rate(nv_inference_count[5m])) > 1", 1],
  ['sum(rate(nv_inference_count{model!~"ensemble_.+"}[5m])) > 1', 0],
  ["max(rate(nv_inference_count[5m])) > 1", 0],
  ["sum(nv_gpu_power_usage) > 1", 0],
  ["sum(max by (model) (nv_inference_count)) > 1", 0],
])("ensemble-counted-twice of %s: %i", (expr, found) => {
  expect(count("ensemble-counted-twice", alert(expr))).toBe(found);
});

test("a detector that sums models away counts ensembles twice as well", () => {
  expect(count("ensemble-counted-twice", detect("rate: nv_inference_count, by: [instance]"))).toBe(1);
  expect(count("ensemble-counted-twice", detect("rate: nv_inference_count"))).toBe(0);
});

test.each([
  ["nv_inference_queue_duration_us > 5", 1],
  ["rate(nv_inference_queue_duration_us[5m]) / rate(nv_inference_count[5m]) > 50", 1],
  ["50 < max by (model) (rate(nv_inference_queue_duration_us[5m]))", 1],
  ["nv_gpu_memory_used_bytes > 80", 1],
  ["nv_gpu_memory_used_bytes > 0", 0],
  ["nv_gpu_memory_used_bytes / nv_gpu_memory_total_bytes > 0.9", 0],
  ["rate(nv_inference_queue_duration_us[5m]) / 1000 > 5", 0],
  ["rate(nv_inference_queue_duration_us[5m]) > 5 * 1000", 0],
  ["nv_inference_queue_duration_us > 5000", 0],
  ["nv_inference_count > 5", 0],
])("threshold-unit of %s: %i", (expr, found) => expect(count("threshold-unit", alert(expr))).toBe(found));

test.each([
  ["nv_inference_count and on (model) nv_cpu_utilization > 0.5", 1],
  ["nv_inference_count / nv_inference_exec_count > 2", 0],
  ["nv_gpu_memory_used_bytes / nv_gpu_memory_total_bytes > 0.9", 0],
  ["sum by (model) (nv_inference_count) / sum by (version) (nv_inference_count) > 1", 1],
  ["sum by (model) (nv_inference_count) / on (model) group_right () nv_inference_count > 1", 0],
  ["nv_inference_count or nv_cpu_utilization > 1", 0],
  ["nv_inference_request_failure / ignoring (reason) group_left () nv_inference_request_success > 1", 0],
  ['ALERTS{alertname="X"} and on (instance, model) nv_inference_count > 1', 0],
  ["nv_inference_count unless on (instance, model) up", 1],
])("join-without-shared-labels of %s: %i", (expr, found) => {
  expect(count("join-without-shared-labels", alert(expr))).toBe(found);
});

describe("never-fires", () => {
  test.each([
    ["vector(0) > 1", "0 > 1 is false"],
    ["nv_gpu_utilization > 90", "a value from 0 to 1 is never > 90"],
    ["avg by (instance) (nv_gpu_utilization) > 1", "a value from 0 to 1 is never > 1"],
    ["rate(nv_inference_count[5m]) < 0", "a value from 0 to Infinity is never < 0"],
    ["nv_inference_count > 5 < 3", "contradicts itself"],
    ["nv_inference_count > 5 and nv_inference_count < 3", "contradicts itself"],
    ["3 > nv_inference_count and nv_inference_count >= 3", "contradicts itself"],
    ["absent(vector(1))", "its argument is always there"],
    ["absent(up or vector(0))", "its argument is always there"],
    ["sum(nv_cpu_utilization > 2) > 0", "a value from 0 to 1 is never > 2"],
  ])("%s", (expr, why) => {
    expect(said("never-fires", alert(expr))).toEqual([expect.stringContaining(why)]);
  });

  test.each([
    "nv_gpu_utilization >= 1",
    "sum(nv_gpu_utilization) > 3",
    "nv_inference_count > 3 and nv_inference_count < 5",
    'nv_inference_count{model="a"} > 5 and on (instance) nv_inference_count{model="b"} < 3',
    "nv_inference_count > 5 and on (instance) nv_inference_count < 3",
    "absent(up)",
    "vector(0) > 1 or up == 0",
    "up == 0 unless vector(0) > 1",
    "delta(nv_inference_pending_request_count[5m]) < -5",
    "vector(2) > 1",
    "1 > bool 2",
  ])("says nothing of %s", (expr) => {
    expect(said("never-fires", alert(expr))).toEqual([]);
  });

  test.each([
    ["ratio: { bad: a, total: b }, fire: { above: 1 }", 1],
    ["ratio: { bad: a, total: b }, learning: { above: 1 }", 1],
    ["level: nv_inference_pending_request_count, direction: down", 1],
    ["rate: nv_inference_count, direction: down", 0],
    ["ratio: { bad: a, total: b }, fire: { above: 0.9 }", 0],
  ])("detect: { %s }: %i", (block, found) => expect(count("never-fires", detect(block))).toBe(found));
});

test.each([
  ["vector(1)", 1],
  ["1", 1],
  ["rate(nv_inference_count[5m])", 1],
  ["nv_inference_count > bool 5", 1],
  ["nv_inference_count > 5", 0],
  ["absent(nv_inference_count)", 0],
  ['ALERTS{alertname="X"}', 0],
  ["nv_inference_count unless on (instance) up", 0],
])("always-fires of %s: %i", (expr, found) => expect(count("always-fires", alert(expr))).toBe(found));

test.each([
  ["level: nv_gpu_memory_used_bytes, by: [instance, gpu_uuid]", []],
  ["level: nv_gpu_memory_used_bytes, by: [instance, model]", [/no label "model"$/]],
  ["rate: nv_inference_count, by: [instance, modell]", [/did you mean "model"\?$/]],
  ["rate: nv_inference_count, by: [instance, model, rack]", [/one that targets are given$/]],
  ["models: [loaded], by: [instance, model]", []],
  ["models: [loaded], by: [instance, gpu_uuid]", [/no label "gpu_uuid"$/]],
  ["level: nv_cpu_memory_used_bytes", []],
])("detect-by-label of { %s }", (block, expected) => {
  expect(said("detect-by-label", detect(block))).toEqual(expected.map((text) => expect.stringMatching(text)));
});

test("thresholds of learning and clearing are held against those of firing", () => {
  const block =
    "ratio: { bad: a, total: b }, fire: { score: 2, above: 0.2 }, clear: { score: 2 }, learning: { above: 0.1 }";
  expect(said("detect-thresholds", detect(block))).toHaveLength(2);
  expect(said("detect-thresholds", detect("ratio: { bad: a, total: b }"))).toEqual([]);
});

test.each([
  ["rate: a, fire: { above: 5, lasting: { above: 6 } }", 1],
  ["rate: a, fire: { times: 2, lasting: { times: 3 } }", 1],
  ["rate: a, fire: { times: 2, lasting: { above: 0, times: 1.5 } }", 0],
  ["level: a, detector: threshold, fire: { above: 5 }", 0],
  ["level: a, detector: threshold, fire: { above: 5 }, clear: { score: 0.8 }", 0],
  ["level: a, detector: threshold, fire: { above: 5 }, clear: { score: 2 }", 1],
  ["level: a, detector: threshold, fire: { above: 5, below: 4 }, clear: { score: 0.95 }", 0],
  ["level: a, detector: threshold, fire: { above: 5, below: 4 }, clear: { score: 0.85 }", 1],
])("detect-thresholds of { %s }: %i", (block, found) => expect(count("detect-thresholds", detect(block))).toBe(found));

test.each([
  ["rate: a, detector: threshold, fire: { below: 0 }", 1],
  ["level: a, detector: threshold, fire: { below: 0 }", 0],
  ["rate: a, detector: threshold, fire: { below: 1 }", 0],
  ["level: { value: a, of: b }, direction: down", 1],
  ["level: { value: a, of: b }, detector: envelope, direction: down", 0],
  ["ratio: { bad: a, total: b }, detector: threshold, fire: { above: 1 }", 1],
])("never-fires of { %s }: %i", (block, found) => expect(count("never-fires", detect(block))).toBe(found));
