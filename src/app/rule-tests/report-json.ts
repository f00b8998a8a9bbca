import { countsOf, type TestReport } from "./results.ts";

/** A report for programs; places are file, line and column of the expectation. */
export function reportJson(report: TestReport): string {
  const { tests, failed } = countsOf(report);
  const whole = {
    summary: { tests, passed: tests - failed, failed, skipped: report.skipped },
    files: report.files.map(({ file, tests }) => ({
      file,
      tests: tests.map(({ name, place, expectations, failures, seconds }) => ({
        name,
        line: place.line,
        outcome: failures.length > 0 ? "failed" : "passed",
        expectations,
        seconds: Number(seconds.toFixed(3)),
        failures: failures.map(({ kind, place: { line, column }, summary, details }) => {
          return { kind, line, column, summary, details };
        }),
      })),
    })),
    coverage: report.coverage.map(({ name, kind, position: { file, line }, fired, states }) => {
      return { rule: name, kind, file, line, fired, ...(states && { states }) };
    }),
  };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}
