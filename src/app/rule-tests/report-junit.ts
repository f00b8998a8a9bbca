import { printable } from "../../telemetry/printable.ts";
import { failureLines } from "./report-text.ts";
import { countsOf, type TestReport, type TestResult } from "./results.ts";

/** Characters that XML 1.0 cannot hold, lone surrogates among them. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A report as JUnit XML, which build servers read: a suite a file, a case a test. */
export function reportJunit(report: TestReport): string {
  const { tests, failed } = countsOf(report);
  const suites = report.files.map(({ file, tests }) => {
    const failures = tests.filter((test) => test.failures.length > 0).length;
    const seconds = tests.reduce((sum, test) => sum + test.seconds, 0);
    const about = `name=${quoted(file)} tests="${tests.length}" failures="${failures}" time="${seconds.toFixed(3)}"`;
    return `  <testsuite ${about}>\n${tests.map((test) => caseOf(test, file)).join("")}  </testsuite>\n`;
  });
  const about = `name="triton-sentinel rule tests" tests="${tests}" failures="${failed}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${about}>\n${suites.join("")}</testsuites>\n`;
}

function caseOf({ name, place, failures, seconds }: TestResult, file: string): string {
  const about = `name=${quoted(name)} classname=${quoted(file)} file=${quoted(file)} line="${place.line}"`;
  const head = `    <testcase ${about} time="${seconds.toFixed(3)}"`;
  if (failures.length === 0) return `${head}/>\n`;
  const told = failures.map((failure) => {
    const text = escaped(failureLines(failure).join("\n"));
    return `      <failure type="${failure.kind}" message=${quoted(failure.summary)}>${text}</failure>\n`;
  });
  return `${head}>\n${told.join("")}    </testcase>\n`;
}

const quoted = (text: string): string => `"${escaped(printable(text))}"`;

const escaped = (text: string): string =>
  text
    .replace(NOT_XML, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
