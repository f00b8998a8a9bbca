import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { loadTestFiles } from "../../../src/app/rule-tests/load-test-files.ts";
import type { Failure, TestReport } from "../../../src/app/rule-tests/results.ts";
import { runRuleTests } from "../../../src/app/rule-tests/run-rule-tests.ts";

/** Writes files into a folder that goes with the test. @returns the folder */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "rule-tests-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Runs the tests of a file "t.yml". @throws Error where there are mistakes in it */
export async function runFiles(
  files: Readonly<Record<string, string>>,
  only: readonly string[] = [],
): Promise<TestReport> {
  const folder = folderOf(files);
  const { files: ready, mistakes, unreadable } = await loadTestFiles([join(folder, "t.yml")]);
  const errors = mistakes.filter(({ severity }) => severity === "error").map(({ message }) => message);
  if (errors.length + unreadable.length > 0) throw new Error([...errors, ...unreadable].join("\n"));
  const report = await runRuleTests(ready, { only, stopwatch: () => 0 });
  // Where the folder is, is nobody's business.
  const text = JSON.stringify(report).replaceAll(JSON.stringify(`${folder}/`).slice(1, -1), "");
  return JSON.parse(text);
}

/** What failed, a text each. */
export async function failuresOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { files: results } = await runFiles(files);
  return results.flatMap(({ tests }) => tests.flatMap(({ failures }) => failures.map(textOf)));
}

const textOf = ({ place, summary, details }: Failure): string =>
  [`${place.file}:${place.line}: ${summary}`, ...details].join("\n");
