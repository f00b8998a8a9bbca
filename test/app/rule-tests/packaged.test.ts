import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { loadTestFiles, type ReadyTests } from "../../../src/app/rule-tests/load-test-files.ts";
import { reportText } from "../../../src/app/rule-tests/report-text.ts";
import { countsOf } from "../../../src/app/rule-tests/results.ts";
import { runRuleTests } from "../../../src/app/rule-tests/run-rule-tests.ts";
import { schemaJson } from "../../../src/app/schema.ts";
import { filesUnder, ROOT, textOf } from "../../house/sources.ts";
import { packagedRules } from "../../monitor/bench.ts";

/** It always fires. */
const NEVER_QUIET = "SentinelWatchdog";

const { files, mistakes, unreadable } = await loadTestFiles([`${ROOT}/test/rules/packaged/yaml/*.yml`]);

test("the tests of the packaged rules have no mistakes", () => {
  expect([...mistakes, ...unreadable]).toEqual([]);
});

test("the tests of the packaged rules pass, and every rule fires or records in one", { timeout: 120_000 }, async () => {
  const report = await runRuleTests(files, { only: [], stopwatch: () => 0 });
  expect(countsOf(report).failed, reportText(report)).toBe(0);
  expect(report.coverage.filter(({ fired }) => !fired).map(({ name }) => name)).toEqual([]);
  expect(report.coverage.length).toBe(packagedRules.groups.flatMap(({ rules }) => rules).length);
  for (const { name, states } of report.coverage) {
    if (states) expect(states, name).toEqual(expect.arrayContaining(["learning", "normal", "anomalous"]));
  }
});

test("every packaged alert stays quiet on a recording", () => {
  const quiet = files.flatMap(({ tests: { tests } }: ReadyTests) =>
    tests.filter(({ input }) => input.kind === "recording").flatMap((one) => one.quiet.map(({ value }) => value)),
  );
  const names = new Set(packagedRules.alertRules().map(({ name }) => name));
  names.delete(NEVER_QUIET);
  expect([...names].filter((name) => !quiet.includes(name))).toEqual([]);
});

test("an editor finds nothing wrong with the files of tests here", () => {
  const ajv = new Ajv({ allowUnionTypes: true, strictNumbers: false });
  const check = ajv.compile(JSON.parse(schemaJson("rule-tests")));
  const paths = [
    ...filesUnder("test/rules/packaged/yaml", "*.yml"),
    ...filesUnder("test/app/rule-tests/plain", "*.yml"),
  ];
  expect(paths.filter((path) => !check(parse(textOf(path))))).toEqual([]);
  for (const wrong of ["rule_file: []", "tests: [{ alert_rule_test: [{}] }]", "tests: [{ quiet: A }]"]) {
    expect(check(parse(wrong)), wrong).toBe(false);
  }
});
