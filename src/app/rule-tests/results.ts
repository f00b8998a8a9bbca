import type { Place } from "../../documents/source.ts";
import type { Difference } from "../../rules/tests/types.ts";
import type { RuleCoverage } from "./coverage.ts";

/** Something that is not as a test expects it. */
export interface Failure extends Difference {
  /** `rule`: a rule could not be evaluated, which ends the test. `input`: what the test is given is not as it says. */
  readonly kind: "alerts" | "samples" | "quiet" | "rule" | "input";
  /** Where the expectation stands. */
  readonly place: Place;
}

/** What became of one test. */
export interface TestResult {
  readonly name: string;
  readonly place: Place;
  /** Expectations it held against what came. */
  readonly expectations: number;
  readonly failures: readonly Failure[];
  /** How long it took. */
  readonly seconds: number;
}

/** The tests of one file that were run. */
export interface FileResult {
  readonly file: string;
  readonly tests: readonly TestResult[];
}

/** What a run of rule tests came to. */
export interface TestReport {
  readonly files: readonly FileResult[];
  readonly coverage: readonly RuleCoverage[];
  /** Tests that `--run` left out. */
  readonly skipped: number;
}

/** How many tests a report tells of, and how many of them failed. */
export function countsOf({ files }: TestReport): { readonly tests: number; readonly failed: number } {
  const tests = files.flatMap((file) => file.tests);
  return { tests: tests.length, failed: tests.filter(({ failures }) => failures.length > 0).length };
}
