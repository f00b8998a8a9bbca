import type { Mistake } from "./mistakes.ts";
import { characterWidth } from "./width.ts";

const RESET = "\u001b[0m";
const STYLES = {
  error: "\u001b[1;31m",
  warning: "\u001b[1;33m",
  info: "\u001b[1;36m",
  caret: "\u001b[32m",
  place: "\u001b[1m",
};

/** Longer lines are cut to so many characters around the caret. */
const MAX_LINE = 160;

/** Characters that could steer a terminal: controls but the tab, and the marks that reverse a text's direction. */
const UNSAFE = /[^\P{Cc}\t]|[\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Mistakes as a person reads them in a terminal: `file:line:column: severity: message`, then the line and a caret under
 * what is meant. The text ends in a newline unless it is empty.
 */
export function formatMistakes(mistakes: readonly Mistake[], options: { readonly color: boolean }): string {
  const paint = (style: keyof typeof STYLES, text: string): string =>
    options.color ? `${STYLES[style]}${text}${RESET}` : text;
  let text = "";
  for (const m of mistakes) {
    const { line, indent, carets } = excerpt(m);
    const place = paint("place", safe(`${m.file}:${m.line}:${m.column}:`));
    text += `${place} ${paint(m.severity, `${m.severity}:`)} ${safe(m.message)}${m.lint ? ` [${m.lint}]` : ""}\n`;
    text += `${String(m.line).padStart(6)} | ${line}\n`;
    text += `${" ".repeat(6)} | ${indent}${paint("caret", "^".repeat(carets))}\n`;
  }
  return text;
}

const safe = (text: string): string => text.replace(UNSAFE, "\ufffd");

/** The line around the caret, what stands before the caret, and how many terminal columns are underlined. */
function excerpt(m: Mistake): { line: string; indent: string; carets: number } {
  const at = m.column - 1;
  // Only what may be seen is split into characters: a line can be megabytes long.
  const characters = Array.from(m.sourceLine.slice(0, 2 * (at + MAX_LINE + 1)));
  const from = characters.length > MAX_LINE ? Math.max(0, at - MAX_LINE / 2) : 0;
  const to = Math.min(from + MAX_LINE, characters.length);
  const seen = characters.slice(from, to).join("");
  const indent = characters.slice(from, at).map((c) => (c === "\t" ? "\t" : " ".repeat(characterWidth(c))));
  const carets = characters.slice(at, Math.min(at + m.length, to)).reduce((sum, c) => sum + characterWidth(c), 0);
  return {
    line: safe(`${from > 0 ? "…" : ""}${seen}${to < characters.length ? "…" : ""}`),
    indent: `${from > 0 ? " " : ""}${indent.join("")}`,
    carets: Math.max(carets, 1),
  };
}
