import { printable } from "../../telemetry/printable.ts";
import { type RuleCoverage, SUBJECT_STATES } from "./coverage.ts";
import { countsOf, type Failure, type TestReport } from "./results.ts";

/** Characters of one line of a difference; a description with its evidence is long. */
const LONGEST_LINE = 2_000;

/** A report for a person: what failed and why, with the place of the expectation, and how many tests there were. */
export function reportText(report: TestReport): string {
  const lines: string[] = [];
  for (const { file, tests } of report.files) {
    const failed = tests.filter(({ failures }) => failures.length > 0);
    const verdict = failed.length === 0 ? "ok" : `${failed.length} of ${tests.length} failed`;
    lines.push(`${printable(file)}: ${counted(tests.length, "test")}, ${verdict}`);
    for (const { name, failures } of failed) {
      lines.push(`  FAILED ${printable(name)}`);
      for (const failure of failures) lines.push(...failureLines(failure).map((line) => `    ${line}`));
    }
  }
  const { tests, failed } = countsOf(report);
  const left = report.skipped > 0 ? `, ${report.skipped} left out by --run` : "";
  lines.push(`${counted(tests, "test")}: ${tests - failed} passed, ${failed} failed${left}`);
  const unseen = report.coverage.filter(({ fired }) => !fired);
  if (unseen.length > 0) {
    lines.push(`${unseen.length} of ${counted(report.coverage.length, "rule")} never fired (--coverage lists them)`);
  }
  return `${lines.join("\n")}\n`;
}

/** A failure as lines: where, what, and what differs. */
export function failureLines({ place, summary, details }: Failure): readonly string[] {
  const head = `${place.file}:${place.line}:${place.column}: ${summary}`;
  return [head, ...details.map((detail) => `  ${detail}`)].map((line) => printable(line, LONGEST_LINE));
}

/** Which rules fired in some test, and in which states the subjects of their detectors were seen: a table. */
export function coverageText(coverage: readonly RuleCoverage[]): string {
  const rows = coverage.map(({ name, kind, position, fired, states }) => [
    printable(name),
    kind === "record" ? (fired ? "recorded" : "NEVER") : fired ? "fired" : "NEVER",
    states === undefined ? "" : SUBJECT_STATES.map((state) => (states.includes(state) ? state : "-")).join(" "),
    printable(`${position.file}:${position.line}`),
  ]);
  const table = [["rule", "seen", "states of its subjects", "place"], ...rows];
  const widths = [0, 1, 2].map((i) => Math.max(...table.map((row) => row[i]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const fired = coverage.filter((rule) => rule.fired).length;
  const percent = coverage.length === 0 ? 100 : Math.floor((100 * fired) / coverage.length);
  return `${[...lines, `coverage: ${fired} of ${counted(coverage.length, "rule")} (${percent} %)`].join("\n")}\n`;
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
