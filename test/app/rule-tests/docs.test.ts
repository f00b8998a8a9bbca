import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadTestFiles } from "../../../src/app/rule-tests/load-test-files.ts";
import { reportText } from "../../../src/app/rule-tests/report-text.ts";
import { countsOf } from "../../../src/app/rule-tests/results.ts";
import { runRuleTests } from "../../../src/app/rule-tests/run-rule-tests.ts";
import { ROOT, textOf } from "../../house/sources.ts";
import { folderOf } from "./files.ts";

test("the tests that docs/rule-tests.md shows have no mistakes and pass", async () => {
  const shown = [...textOf("docs/rule-tests.md").matchAll(/^```yml\n# (\S+\.yml)\n([\s\S]*?)^```$/gm)];
  const folder = folderOf(Object.fromEntries(shown.map(([, name, text]) => [name!, text!])));
  copyFileSync(`${ROOT}/test/fixtures/recordings/steady.jsonl.gz`, join(folder, "monday.jsonl.gz"));
  const { files, mistakes, unreadable } = await loadTestFiles([`${folder}/*.test.yml`]);
  expect([...mistakes, ...unreadable]).toEqual([]);
  const report = await runRuleTests(files, { only: [], stopwatch: () => 0 });
  expect(countsOf(report), reportText(report)).toEqual({ tests: 3, failed: 0 });
});
