import { expect, test } from "vitest";
import { formatMistakes } from "../../../src/documents/format.ts";
import { loadRuleTests } from "../../../src/rules/tests/load.ts";
import type { RuleTest } from "../../../src/rules/tests/types.ts";

const told = (text: string): readonly string[] =>
  loadRuleTests("t.yml", text).mistakes.map(({ line, column, message }) => `${line}:${column}: ${message}`);

const only = (text: string): RuleTest => {
  const { file, mistakes } = loadRuleTests("t.yml", text);
  expect(mistakes).toEqual([]);
  expect(file?.tests).toHaveLength(1);
  return file!.tests[0]!;
};

test("what a file leaves out has promtool's defaults", () => {
  const { file } = loadRuleTests("t.yml", "tests: [{}]");
  expect(file).toMatchObject({ ruleFiles: [], packagedRules: false, evaluationInterval: undefined, fuzzy: false });
  expect(file?.tests[0]).toMatchObject({
    name: "test 1",
    input: { kind: "series", interval: 60_000, start: 0, series: [] },
  });
  expect(loadRuleTests("t.yml", "").file?.tests).toEqual([]);
});

test("values of a series follow one another as rules do, unless a test says otherwise", () => {
  expect(only("{evaluation_interval: 30s, tests: [{}]}").input).toMatchObject({ interval: 30_000 });
  expect(only("{evaluation_interval: 30s, tests: [{interval: 5s}]}").input).toMatchObject({ interval: 5_000 });
});

test("a test may begin at any time", () => {
  expect(only("tests: [{start_timestamp: 1609459200}]").input).toMatchObject({ start: 1_609_459_200_000 });
  expect(only("tests: [{start_timestamp: '2021-01-01T00:00:00Z'}]").input).toMatchObject({ start: 1_609_459_200_000 });
});

test("numbers, NaN and infinities are read however they are written", () => {
  const values = ["1.5", "-2e3", ".nan", "NaN", ".inf", "-Inf", "0x1F", "'7'"];
  const text = values.map((value) => `{value: ${value}}`).join();
  const { samples } = only(`tests: [{promql_expr_test: [{expr: x, exp_samples: [${text}, {}]}]}]`);
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
  expect(samples[0]!.samples.map(({ value }) => value)).toEqual([1.5, -2000, nan, nan, inf, -inf, 31, 7, 0]);
});

test("every expectation knows where it stands", () => {
  const { alerts, samples, quiet } = only(
    "tests:\n  - name: n\n    alert_rule_test:\n      - alertname: A\n    promql_expr_test:\n      - eval_time: 1m\n        expr: x\n    quiet:\n      - B\n",
  );
  expect([alerts[0]!.place, samples[0]!.place, quiet[0]!.place]).toEqual([
    { file: "t.yml", line: 4, column: 9 },
    { file: "t.yml", line: 6, column: 9 },
    { file: "t.yml", line: 9, column: 9 },
  ]);
});

test("all mistakes are told at once, with their place and what was meant", () => {
  const text = `rule_file: [a.yml]
evaluation_interval: soon
tests:
  - name: bad
    intervall: 1m
    input_series:
      - series: 'up{job="a"'
        values: 0 1 2y
      - { series: '{}', values: '1 {{schema:1}}' }
    alert_rule_test:
      - { alert_name: Down, eval_time: 5 }
      - { alertname: Down, exp_state: fireing, match: subsets }
    promql_expr_test:
      - { expr: x, exp_samples: [{ labels: 'x{a}', value: many }, { histogram: '{{}}' }] }
      - { expr: '"text"' }
`;
  expect(told(text)).toMatchInlineSnapshot(`
    [
      "1:1: unknown field "rule_file", did you mean "rule_files"?",
      "2:22: evaluation_interval: Cannot parse duration "soon": expected a number and a unit, for example "30s"",
      "5:5: test "bad": unknown field "intervall", did you mean "interval"?",
      "7:27: test "bad": input_series[0].series: Cannot parse series "up{job=\\"a\\"": expected "," or "}", for example up{job="triton"}",
      "8:21: test "bad": input_series[0].values: Cannot read value "2y": expected for example "1 2 _ stale", "0+10x5" (0 10 20 30 40 50) or "1x3" (1 1 1 1)",
      "9:19: test "bad": input_series[1].series: Cannot use series "{}": expected a name or a label, for example up",
      "9:36: test "bad": input_series[1].values: Cannot read value "{{…}}": native histograms are not supported, expected numbers",
      "11:11: test "bad": alert_rule_test[0]: missing field "alertname"",
      "11:11: test "bad": alert_rule_test[0]: unknown field "alert_name", did you mean "alertname"?",
      "11:40: test "bad": alert_rule_test[0].eval_time: Cannot parse duration "5": expected a number and a unit, for example "30s"",
      "12:39: test "bad": alert_rule_test[1].exp_state: expected one of firing, pending, learning, found "fireing", did you mean "firing"?",
      "12:55: test "bad": alert_rule_test[1].match: expected one of exact, subset, found "subsets", did you mean "subset"?",
      "14:48: test "bad": promql_expr_test[0].exp_samples[0].labels: Cannot parse series "x{a}": expected "=", for example up{job="triton"}",
      "14:59: test "bad": promql_expr_test[0].exp_samples[0].value: Cannot read value "many": expected a number, for example "1.5"",
      "14:80: test "bad": promql_expr_test[0].exp_samples[1].histogram: Cannot expect a histogram: native histograms are not supported",
      "15:17: test "bad": promql_expr_test[1].expr: could not parse expression: expected a vector or a scalar, found a string",
    ]
  `);
});

test("a mistake in values points at the value", () => {
  const { mistakes } = loadRuleTests("t.yml", "tests:\n  - input_series: [{ series: x, values: '0 1 2y 3' }]\n");
  expect(formatMistakes(mistakes, { color: false })).toMatchInlineSnapshot(`
    "t.yml:2:46: error: test 1: input_series[0].values: Cannot read value "2y": expected for example "1 2 _ stale", "0+10x5" (0 10 20 30 40 50) or "1x3" (1 1 1 1)
         2 |   - input_series: [{ series: x, values: '0 1 2y 3' }]
           |                                              ^^
    "
  `);
});

test("an expression that is none is told in the words of PromQL", () => {
  expect(told("tests: [{promql_expr_test: [{expr: 'sum('}]}]")).toEqual([
    expect.stringMatching(/^1:\d+: test 1: promql_expr_test\[0\]\.expr: could not parse expression: /),
  ]);
});

test("a recording takes the place of series", () => {
  expect(only("tests: [{recording: a.jsonl}]").input).toMatchObject({ kind: "recording", path: "a.jsonl" });
  expect(told("tests: [{recording: a.jsonl, input_series: [], interval: 1m}]")).toEqual([
    "1:30: test 1: 'input_series' cannot stand beside 'recording'",
    "1:48: test 1: 'interval' cannot stand beside 'recording'",
  ]);
});

test("tests that would take for ever are refused", () => {
  expect(told("tests: [{alert_rule_test: [{alertname: A, eval_time: 9y}]}]")).toEqual([
    "1:54: expected at most 1000000 intervals after the start",
  ]);
  const series = Array.from({ length: 6 }, (_, i) => `{series: x${i}, values: 1x999999}`).join();
  expect(told(`tests: [{input_series: [${series}]}]`)[0]).toContain("expected at most 5000000 values");
});

test("a group can stand in the order once", () => {
  expect(told("group_eval_order: [a, b, a]")).toEqual(['1:26: group "a" stands in the order twice']);
});
