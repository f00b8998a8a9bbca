import { resolve } from "node:path";
import { RE2JS } from "re2js";
import type { RuleTest } from "../../rules/tests/types.ts";
import { UserMistake } from "../user-mistake.ts";
import { Coverage } from "./coverage.ts";
import type { ReadyTests } from "./load-test-files.ts";
import type { FileResult, TestReport, TestResult } from "./results.ts";
import { runTest } from "./run-test.ts";

/** How tests are run. */
export interface RunChoice {
  /** Regular expressions (RE2), found anywhere in a name; a test is run that matches one. None: all are run. */
  readonly only: readonly string[];
  /** Seconds since any fixed point. */
  readonly stopwatch: () => number;
}

/**
 * Runs rule tests, one after the other, each in a world of its own.
 * @throws UserMistake on a regular expression that is none
 */
export async function runRuleTests(files: readonly ReadyTests[], choice: RunChoice): Promise<TestReport> {
  const patterns = choice.only.map(compile);
  const chosen = ({ name }: RuleTest) => patterns.length === 0 || patterns.some((one) => one.matcher(name).find());
  const coverage = new Coverage();
  const results: FileResult[] = [];
  let skipped = 0;
  for (const { tests, folder, groups } of files) {
    coverage.expect(groups);
    const done: TestResult[] = [];
    for (const test of tests.tests) {
      if (!chosen(test)) {
        skipped++;
        continue;
      }
      const began = choice.stopwatch();
      const failures = await runTest(test, {
        groups,
        evaluationInterval: tests.evaluationInterval,
        fuzzy: tests.fuzzy,
        recording: test.input.kind === "recording" ? resolve(folder, test.input.path) : "",
        coverage,
      });
      const expectations = test.alerts.length + test.samples.length + test.quiet.length;
      const seconds = choice.stopwatch() - began;
      done.push({ name: test.name, place: test.place, expectations, failures, seconds });
    }
    results.push({ file: tests.file, tests: done });
  }
  return { files: results, coverage: coverage.result(), skipped };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new UserMistake(`Cannot select tests by ${JSON.stringify(pattern)}: ${(error as Error).message}`);
  }
}
