import { type LintOptions, lintRules } from "../../../src/rules/lint/lint-rules.ts";
import { loadRules } from "../../../src/rules/load.ts";
import { durationMs, epochMs } from "../../../src/series/time.ts";

export const LINT_OPTIONS: LintOptions = {
  now: epochMs(Date.UTC(2026, 10, 22)),
  interval: durationMs(15_000),
  scrapeInterval: durationMs(15_000),
};

/** Rules as they stand in a document: where there is no file around them, one with a single group. */
export function asRuleFile(text: string): string {
  if (/^(groups|overrides):/m.test(text)) return text;
  return `groups:\n- name: g\n  rules:\n${text.trim().replace(/^(?=.)/gm, "  ")}\n`;
}

/** What lints say of the first of some files, `line:column severity id: message`, in the order of the text. */
export function linted(text: string, options: Partial<LintOptions> = {}, ...others: string[]): readonly string[] {
  const files = [text, ...others].map((one, i) => ({ file: i === 0 ? "a.yml" : `${i}.yml`, text: asRuleFile(one) }));
  const loaded = loadRules(files);
  if (loaded.mistakes.length > 0) throw new Error(loaded.mistakes.map(({ message }) => message).join("\n"));
  return lintRules(loaded, { ...LINT_OPTIONS, ...options })
    .filter(({ file }) => file === "a.yml")
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, severity, lint, message }) => `${line}:${column} ${severity} ${lint}: ${message}`);
}

/** The same of one lint only, without place, id and the name of the rule. */
export function said(lint: string, text: string, options: Partial<LintOptions> = {}): readonly string[] {
  const of = `${lint}: `;
  return linted(text, options)
    .filter((line) => line.includes(of))
    .map((line) => line.slice(line.indexOf(of) + of.length).replace(/^group "g", rule \d+, "[^"]*": /, ""));
}
