import { expect, test } from "vitest";
import { checkRuleTests } from "../../../src/app/rule-tests/check-rule-tests.ts";
import { folderOf } from "./files.ts";

test("a check counts what it looked at and runs nothing", async () => {
  const tests = "tests: [{ promql_expr_test: [{ expr: '1', exp_samples: [{ value: 2 }] }] }, { name: nothing }]\n";
  const { checked, mistakes, unreadable } = await checkRuleTests([`${folderOf({ "t.yml": tests })}/*.yml`]);
  expect([checked, unreadable]).toEqual(["1 file, 2 tests", []]);
  expect(mistakes.map(({ severity, line, column, length }) => [severity, line, column, length])).toEqual([
    ["warning", 1, 85, 7],
  ]);
});
