import { expect, test } from "vitest";
import type { CheckResult } from "../../src/app/check.ts";
import { formatCheck } from "../../src/commands/check-format.ts";
import type { Mistake } from "../../src/documents/mistakes.ts";

const mistake = (more: Partial<Mistake> = {}): Mistake => ({
  ...{ file: "a.yml", line: 3, column: 5, length: 2, severity: "error", message: "wrong", sourceLine: "    xy" },
  ...more,
});
const result = (mistakes: readonly Mistake[], unreadable: readonly string[] = []): CheckResult => ({
  checked: "1 file, 2 rules",
  mistakes,
  unreadable,
});
const verdictOf = (found: CheckResult): string | undefined =>
  formatCheck(found, "text", false).trimEnd().split("\n").at(-1);

test("the last line says what was looked at and what came of it", () => {
  expect(verdictOf(result([]))).toBe("checked 1 file, 2 rules: no mistakes");
  expect(verdictOf(result([mistake(), mistake({ severity: "warning" })]))).toBe(
    "checked 1 file, 2 rules: errors: 1, warnings: 1",
  );
  expect(verdictOf(result([mistake({ severity: "info" })]))).toBe(
    "checked 1 file, 2 rules: errors: 0, warnings: 0, infos: 1",
  );
});

test("files that could not be read are never no mistakes", () => {
  expect(verdictOf(result([], ["Cannot read b.yml: gone"]))).toBe("checked 1 file, 2 rules: could not be read: 1");
});

test("people see the lint in brackets behind its message", () => {
  const [first] = formatCheck(result([mistake({ severity: "warning", lint: "short-for" })]), "text", false).split("\n");
  expect(first).toBe("a.yml:3:5: warning: wrong [short-for]");
});

test("programs get everything but the line itself", () => {
  const found = result([mistake(), mistake({ lint: "short-for" })], ["Cannot read b.yml: gone"]);
  const { file, line, column, length, severity, message } = mistake();
  expect(JSON.parse(formatCheck(found, "json", false))).toEqual({
    checked: "1 file, 2 rules",
    mistakes: [
      { file, line, column, length, severity, message },
      { file, line, column, length, severity, message, lint: "short-for" },
    ],
    unreadable: ["Cannot read b.yml: gone"],
  });
});

test("GitHub gets a workflow command for each, info as a notice", () => {
  const found = result([mistake({ severity: "info", lint: "missing-runbook" })], ["Cannot read b.yml: gone"]);
  expect(formatCheck(found, "github", false)).toBe(
    "::notice file=a.yml,line=3,endLine=3,col=5,endColumn=7,title=missing-runbook::wrong [missing-runbook]\n" +
      "::error::Cannot read b.yml: gone\n",
  );
});

test("nothing from a file ends a workflow command or begins another", () => {
  const evil = "x\n::set-output name=a::b\r%0A,line=1:\u001b[2J";
  const text = formatCheck(result([mistake({ file: evil, message: evil, lint: evil })], [evil]), "github", false);
  const lines = text.trimEnd().split("\n");
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatch(/^::error( file=[^:]*)?::/);
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  const properties = lines[0]!.slice("::error ".length).split("::")[0]!;
  expect(properties.split(",").map((one) => one.split("=")[0])).toEqual([
    "file",
    "line",
    "endLine",
    "col",
    "endColumn",
    "title",
  ]);
  expect(text).toContain("%250A");
});
