import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { loadTestFiles } from "../../../src/app/rule-tests/load-test-files.ts";
import type { Failure } from "../../../src/app/rule-tests/results.ts";
import { runRuleTests } from "../../../src/app/rule-tests/run-rule-tests.ts";
import { promtoolMissing } from "../../outputs/promtool.ts";

interface Case {
  /** A file that holds this test alone. */
  readonly path: string;
  readonly file: string;
  readonly name: string;
}

const PLAIN = join(dirname(fileURLToPath(import.meta.url)), "plain");
const FILES = readdirSync(PLAIN).filter((name) => name.endsWith(".yml"));
const folder = mkdtempSync(join(tmpdir(), "rule-tests-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** promtool tells failures by file: one test a file, so that it tells them by test. */
const CASES: readonly Case[] = FILES.flatMap((file) => {
  const { tests, ...head } = parse(readFileSync(join(PLAIN, file), "utf8"));
  const rules = (head.rule_files ?? []).map((path: string) => resolve(PLAIN, path));
  return tests.map((one: { readonly name: string }, i: number): Case => {
    const path = join(folder, `${file.replace(".yml", "")}-${i}.yml`);
    writeFileSync(path, stringify({ ...head, rule_files: rules, tests: [one] }));
    return { path, file, name: one.name };
  });
});

/** What failed: "alert Down at 2m", 'expression "x" at 1m', or "rule" where a rule could not be evaluated. */
const ours = ({ kind, summary }: Failure): string =>
  kind === "rule" ? "rule" : summary.replace(/(: | failed).*$/s, "");

/** The same, from what promtool says. */
function theirs(output: string): string[] {
  const alerts = [...output.matchAll(/^ +alertname: (\S+), time: (\S+),/gm)].map(
    ([, name, at]) => `alert ${name} at ${at}`,
  );
  const exprs = [...output.matchAll(/^ +expr: (".*"), time: (\S+),/gm)].map(
    ([, expr, at]) => `expression ${expr} at ${at}`,
  );
  return [...alerts, ...exprs, ...(/^ +rule: /m.test(output) ? ["rule"] : [])];
}

describe.skipIf(promtoolMissing)("a plain test has the verdict promtool gives it", () => {
  test.each(CASES)("$file: $name", async ({ path }) => {
    const { files, mistakes, unreadable } = await loadTestFiles([path]);
    expect([...mistakes.filter(({ severity }) => severity === "error"), ...unreadable]).toEqual([]);
    const report = await runRuleTests(files, { only: [], stopwatch: () => 0 });
    const failed = report.files.flatMap(({ tests }) => tests.flatMap(({ failures }) => failures.map(ours)));
    const { status, stdout, stderr } = spawnSync("promtool", ["test", "rules", path], { encoding: "utf8" });
    expect(failed.sort()).toEqual(theirs(stdout + stderr).sort());
    expect(failed.length > 0 ? 1 : 0).toBe(status);
  });
});

test("there are plain files enough, and tests of them pass as well as fail", async () => {
  expect(FILES.length).toBeGreaterThanOrEqual(15);
  const { files } = await loadTestFiles([join(PLAIN, "*.yml")]);
  const report = await runRuleTests(files, { only: [], stopwatch: () => 0 });
  const failed = report.files.flatMap(({ tests }) => tests.map(({ failures }) => failures.length > 0));
  expect(failed.filter(Boolean).length).toBeGreaterThan(10);
  expect(failed.filter((one) => !one).length).toBeGreaterThan(10);
});
