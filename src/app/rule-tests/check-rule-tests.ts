import type { CheckResult } from "../check.ts";
import { loadTestFiles } from "./load-test-files.ts";

/** Checks files of rule tests and the rules they name, without running them. */
export async function checkRuleTests(patterns: readonly string[]): Promise<CheckResult> {
  const { files, mistakes, unreadable, read } = await loadTestFiles(patterns);
  const tests = files.reduce((sum, { tests }) => sum + tests.tests.length, 0);
  return { checked: `${counted(read, "file")}, ${counted(tests, "test")}`, mistakes, unreadable };
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
