import { type Logger, pino } from "pino";
import { printable } from "./printable.ts";

/** The least grave event that is still written. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** How a line looks: `key=value` pairs for people, or one JSON object for machines. */
export type LogFormat = "logfmt" | "json";

/** Where finished lines go; `process.stderr` is one. */
export interface LogSink {
  write(line: string): unknown;
}

const MAX_FIELD = 4_096;

/**
 * A logger that writes one line an event. Whatever text an attacker chose, a model name, a label, a status, can neither end
 * the line nor colour or reorder it, and is cut to 4,096 characters.
 */
export function createLogger(level: LogLevel, format: LogFormat, sink: LogSink): Logger {
  const write =
    format === "logfmt" ? (line: string) => sink.write(toLogfmt(line)) : (line: string) => sink.write(safe(line));
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: boundFields },
    },
    { write },
  );
}

/** Errors become their message, long texts are cut. */
function boundFields(fields: Record<string, unknown>): Record<string, unknown> {
  const bound: [string, unknown][] = Object.entries(fields).map(([name, value]) => {
    const text = value instanceof Error ? value.message : value;
    return [name, typeof text === "string" ? cut(text) : text];
  });
  return Object.fromEntries(bound);
}

const cut = (text: string): string => (text.length > MAX_FIELD ? `${text.slice(0, MAX_FIELD)}…` : text);

/** JSON escapes what is below a blank; the rest of what is not printable can only stand inside its strings. */
const safe = (line: string): string => `${printable(line.trimEnd(), Number.POSITIVE_INFINITY)}\n`;

function toLogfmt(line: string): string {
  const fields = new Map(Object.entries(JSON.parse(line) as Record<string, unknown>));
  const first = ["ts", "level", "msg"].filter((name) => fields.has(name));
  const names = [...first, ...[...fields.keys()].filter((name) => !first.includes(name))];
  return `${names.map((name) => `${name}=${logfmtValue(fields.get(name))}`).join(" ")}\n`;
}

/** Bare where that is unmistakable, otherwise quoted. */
function logfmtValue(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  if (/^[^\s"=\\\p{C}]+$/u.test(text)) return text;
  return printable(JSON.stringify(text), Number.POSITIVE_INFINITY);
}
