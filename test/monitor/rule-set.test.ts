import { describe, expect, test } from "vitest";
import { RuleSet } from "../../src/monitor/rule-set.ts";
import { Labels, METRIC_NAME } from "../../src/series/labels.ts";
import { durationMs, MINUTE } from "../../src/series/time.ts";
import { packagedRules, rulesOf } from "./bench.ts";

const rules = (...lines: readonly string[]): RuleSet =>
  rulesOf(`groups:\n- name: g\n  rules:\n${lines.map((line) => `  - { ${line} }\n`).join("")}`);
const minutes = (n: number) => durationMs(n * MINUTE);

describe("how far back the rules read", () => {
  test.each([
    ["alert: A, expr: 'rate(x[20m]) > 0'", 20],
    ["alert: A, expr: 'rate(x[20m] offset 1h) > 0'", 80],
    ["alert: A, expr: x offset 30m", 35],
    ["record: a, expr: sum(x)", 5],
    ["alert: A, detect: { rate: x }", 2],
  ])("%s reads %s minutes", (line, expected) => {
    expect(rules(line).reach).toBe(minutes(expected));
  });

  test("query_offset and the lookback of the evaluation come on top", () => {
    const text = "groups: [{ name: g, query_offset: 10m, rules: [{ alert: A, expr: x }] }]";
    expect(rulesOf(text).reach).toBe(minutes(15));
    expect(new RuleSet(rulesOf(text).groups, minutes(7)).reach).toBe(minutes(17));
  });
});

describe("what is kept of a page", () => {
  test("families that a rule reads, and those the inventory reads", () => {
    const set = rules("alert: A, expr: 'sum(wanted) > other'", "alert: B, detect: { level: gauge, of: bound }");
    for (const family of ["wanted", "other", "gauge", "bound", "nv_inference_request_success"]) {
      expect(set.wants(family), family).toBe(true);
    }
    expect(set.wants("unwanted")).toBe(false);
  });

  test("a selector by pattern reads what matches, one without a name everything", () => {
    const pattern = rules(`alert: A, expr: '{__name__=~"nv_gpu_.+"}'`);
    expect([pattern.wants("nv_gpu_power_usage"), pattern.wants("nv_cpu_utilization")]).toEqual([true, false]);
    expect(rules(`alert: A, expr: '{job="triton"}'`).wants("anything")).toBe(true);
  });

  test("names that objects have by themselves are families like others", () => {
    for (const name of ["__proto__", "constructor", "toString"])
      expect(rules("alert: A, expr: x").wants(name)).toBe(false);
  });
});

test("a detector series is read where no matcher rules it out", () => {
  const set = rules(`alert: A, expr: 'triton_sentinel_observed{rule="Latency", model="m"}'`);
  const known = (rule: string) => Labels.of({ [METRIC_NAME]: "triton_sentinel_observed", rule });
  expect([set.reads(known("Latency")), set.reads(known("Other"))]).toEqual([true, false]);
});

test("the packaged rules read what they need and no more than a quarter of an hour", () => {
  expect(packagedRules.reach).toBeLessThanOrEqual(minutes(15));
  expect(packagedRules.alertRules().length).toBeGreaterThan(15);
  expect(packagedRules.wants("nv_inference_request_duration_us")).toBe(true);
  expect(packagedRules.wants("nv_cache_insertion_duration")).toBe(false);
});
