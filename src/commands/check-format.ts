import type { CheckResult } from "../app/check.ts";
import { formatMistakes } from "../documents/format.ts";
import type { Mistake, Severity } from "../documents/mistakes.ts";
import { printable } from "../telemetry/printable.ts";

/** How a check tells what it found: to people, to programs, or to GitHub, which shows it beside the lines. */
export const CHECK_FORMATS = ["text", "json", "github"] as const;
export type CheckFormat = (typeof CHECK_FORMATS)[number];

/** What a check found, for standard output; ends in a newline unless it is empty. */
export function formatCheck(result: CheckResult, format: CheckFormat, color: boolean): string {
  switch (format) {
    case "text":
      return `${formatMistakes(result.mistakes, { color })}${verdict(result)}\n`;
    case "json":
      return `${JSON.stringify(asJson(result), undefined, 2)}\n`;
    case "github":
      return asGithub(result);
  }
}

const COUNTED: readonly (readonly [Severity, string])[] = [
  ["error", "errors"],
  ["warning", "warnings"],
  ["info", "infos"],
];

/** One line that says what was looked at and what came of it. */
function verdict({ checked, mistakes, unreadable }: CheckResult): string {
  const counts = COUNTED.map(([severity, name]) => {
    return { name, count: mistakes.filter((mistake) => mistake.severity === severity).length };
  });
  const shown = counts.filter(({ name, count }) => count > 0 || (name !== "infos" && mistakes.length > 0));
  const found = shown.map(({ name, count }) => `${name}: ${count}`);
  if (unreadable.length > 0) found.push(`could not be read: ${unreadable.length}`);
  return `checked ${checked}: ${found.length === 0 ? "no mistakes" : found.join(", ")}`;
}

function asJson({ checked, mistakes, unreadable }: CheckResult): unknown {
  const told = mistakes.map(({ sourceLine: _line, lint, ...mistake }) => ({ ...mistake, ...(lint && { lint }) }));
  return { checked, mistakes: told, unreadable };
}

const COMMANDS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "notice" };

/** Workflow commands of GitHub: one a line, and no text may end it or begin another. */
function asGithub({ mistakes, unreadable }: CheckResult): string {
  const told = mistakes.map((mistake) => {
    const { file, line, column, length, severity, lint = "triton-sentinel" } = mistake;
    const place = { file, line, endLine: line, col: column, endColumn: column + length, title: lint };
    const properties = Object.entries(place).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
    return `::${COMMANDS[severity]} ${properties.join(",")}::${escapeData(sentence(mistake))}\n`;
  });
  return [...told, ...unreadable.map((why) => `::error::${escapeData(why)}\n`)].join("");
}

const sentence = ({ message, lint }: Mistake): string => `${message}${lint ? ` [${lint}]` : ""}`;

const escapeData = (text: string): string =>
  printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
