import { expect, test } from "vitest";
import { loadRules } from "../../../src/rules/load.ts";
import { mistakesAgainst } from "../../../src/rules/tests/against-rules.ts";
import { loadRuleTests } from "../../../src/rules/tests/load.ts";

const RULES = `groups:
  - name: one
    rules:
      - { alert: HighErrors, expr: up == 0 }
      - { alert: Shift, detect: { level: nv_gpu_utilization } }
      - { record: up:sum, expr: sum(up) }
`;

function told(tests: string): readonly string[] {
  const { groups } = loadRules([{ file: "r.yml", text: RULES }]);
  const { file, mistakes } = loadRuleTests("t.yml", tests);
  expect(mistakes).toEqual([]);
  return mistakesAgainst(file!, groups).map(({ severity, message }) => `${severity}: ${message}`);
}

test("names that no rule has are told with the nearest one", () => {
  expect(
    told("{group_eval_order: [on], tests: [{alert_rule_test: [{alertname: HihgErrors}], quiet: [Shft]}]}"),
  ).toEqual([
    'warning: no group is called "on", did you mean "one"?',
    'warning: no alert is called "HihgErrors", did you mean "HighErrors"?',
    'error: no alert is called "Shft", did you mean "Shift"?',
  ]);
});

test("only detectors learn", () => {
  expect(
    told(
      "tests: [{alert_rule_test: [{alertname: Shift, exp_state: learning}, {alertname: HighErrors, exp_state: learning}]}]",
    ),
  ).toEqual(['error: alert "HighErrors" never learns: expected one with detect']);
});

test("a test that expects nothing is told", () => {
  expect(told("tests: [{name: n}]")).toEqual([
    "warning: the test expects nothing: give alert_rule_test, promql_expr_test or quiet",
  ]);
});
