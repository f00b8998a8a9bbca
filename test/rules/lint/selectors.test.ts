import { expect, test } from "vitest";
import { lintRules } from "../../../src/rules/lint/lint-rules.ts";
import { loadRules } from "../../../src/rules/load.ts";
import { asRuleFile, LINT_OPTIONS, linted, said } from "./lint.ts";

const alert = (expr: string): string => `- { alert: A, expr: '${expr}' }`;

test.each([
  ["nv_inference_cont > 1", ['did you mean "nv_inference_count"?']],
  ["vllm:prompt_tokens_totl > 1", ['did you mean "vllm:prompt_tokens_total"?']],
  ['{__name__=~"nv_modl.*"} > 1', ["no series has a name like this"]],
  ['{__name__=~"nv_model.*"} > 1', []],
  ['{model="bert"} > 1', []],
  ["nv_inference_first_response_histogram_ms_bucket > 1", []],
  ['ALERTS{alertname="X"} and up == 0 and scrape_duration_seconds > 1', []],
])("unknown-metric of %s: %j", (expr, expected) => {
  const found = said("unknown-metric", alert(expr));
  expect(found.map((text, i) => text.includes(expected[i] ?? "nothing"))).toEqual(expected.map(() => true));
});

test("what a recording rule of any file writes is known, also where that file has errors", () => {
  const rule = alert("job:requests:rate5m > 1");
  const record = "groups:\n- name: g\n  rules:\n  - record: job:requests:rate5m\n    expr: sum by (job) (up)\n";
  const told = (...others: string[]) => {
    const loaded = loadRules([rule, ...others].map((text, i) => ({ file: `${i}.yml`, text: asRuleFile(text) })));
    return lintRules(loaded, LINT_OPTIONS).filter(({ lint }) => lint === "unknown-metric").length;
  };
  expect(told()).toBe(1);
  expect(told(record)).toBe(0);
  expect(told(`${record}    for: 5m\n`)).toBe(0);
});

test.each([
  ['nv_inference_count{modle="x"} > 1', [/^nv_inference_count has no label "modle", did you mean "model"\?$/]],
  ['nv_gpu_utilization{model="x"} > 0.5', [/^nv_gpu_utilization has no label "model"$/]],
  ['nv_inference_count{region="eu"} > 1', [/expected one that its targets are given$/]],
  ['nv_inference_count{_team="x", job="triton", gpu_uuid=""} > 1', []],
  ['nv_cpu_utilization{model=""} > 0.5', []],
  ["sum by (modle) (rate(nv_inference_count[5m])) > 1", [/^sum by \(modle\): its series have no label "modle"/]],
  ["sum by (model, region) (rate(nv_inference_count[5m])) > 1", []],
  ["max by (model) (nv_gpu_utilization) > 0.5", [/no label "model"$/]],
])("unknown-label of %s", (expr, expected) => {
  const found = said("unknown-label", alert(expr));
  expect(found).toEqual(expected.map((text) => expect.stringMatching(text)));
});

test("a label that targets may have is only worth a look", () => {
  const [line] = linted(alert('nv_inference_count{region="eu"} > 1')).filter((one) => one.includes("unknown-label"));
  expect(line).toMatch(/ info unknown-label: /);
});

test.each([
  ['nv_inference_request_failure{reason="TIMEOUT"} > 1', 1],
  ['nv_inference_request_failure{reason=~"TIME.*|SLOW"} > 1', 1],
  ['nv_inference_request_failure{reason!="CANCELLED"} > 1', 1],
  ['nv_inference_request_failure{reason!="CANCELED"} > 1', 0],
  ['nv_inference_request_failure{reason=~"REJ.*"} > 1', 0],
  ['nv_inference_request_failure{reason=""} > 1', 0],
  ['nv_inference_request_failure{model="TIMEOUT"} > 1', 0],
  ['triton_sentinel_counters_frozen_seconds{work="cpu"} > 1', 1],
])("impossible-label-value of %s: %i", (expr, count) => {
  expect(said("impossible-label-value", alert(expr))).toHaveLength(count);
});

test.each([
  ['nv_inference_count{model=~".*bert.*"} > 1', 1],
  ['nv_inference_count{model=~".*"} > 1', 1],
  ['nv_inference_count{model=~"bert|"} > 1', 1],
  ['nv_inference_count{model=~".+"} > 1', 0],
  ['nv_inference_count{model=~"bert.*"} > 1', 0],
  ['nv_inference_count{model!~".*bert.*"} > 1', 0],
  ['{__name__=~".*_count.*"} > 1', 0],
])("unbounded-regex of %s: %i", (expr, count) => {
  expect(said("unbounded-regex", alert(expr))).toHaveLength(count);
});

test("exceptions are looked at for open patterns too", () => {
  const rule = "- { alert: A, expr: up == 0, except: [{ match: 'model=~\".*\"', reason: x }] }";
  expect(said("unbounded-regex", rule)).toHaveLength(1);
});
