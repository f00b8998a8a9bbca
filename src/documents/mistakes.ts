import { compareUtf8 } from "../series/labels.ts";
import { countCharacters, lineAt, type Span } from "./source.ts";

/** An error cannot be used; a warning works and is probably not meant; an info is worth a look. */
export type Severity = "error" | "warning" | "info";

/** Something a person wrote that cannot be used, or should be looked at, and where they wrote it. */
export interface Mistake {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters (code points). */
  readonly column: number;
  /** How many characters of the line are meant; at least 1. */
  readonly length: number;
  readonly severity: Severity;
  readonly message: string;
  readonly sourceLine: string;
  /** The lint that says so; what it means is told on a page of that name. */
  readonly lint?: string;
}

/** A mistake at a piece of a file; of a piece that spans lines the first is shown. */
export function mistakeAt(span: Span, message: string, severity: Mistake["severity"] = "error"): Mistake {
  const line = lineAt(span.source, span.from);
  const end = line.start + line.text.length;
  const from = Math.min(span.from, end);
  const to = Math.min(Math.max(span.to, from), end);
  return {
    file: span.source.file,
    line: line.number,
    column: countCharacters(span.source, line.start, from) + 1,
    length: Math.max(countCharacters(span.source, from, to), 1),
    severity,
    message,
    sourceLine: line.text,
  };
}

export const hasErrors = (mistakes: readonly Mistake[]): boolean => mistakes.some((m) => m.severity === "error");

/** Mistakes in reading order, each once. Files keep the order in which they are first named in `files`. */
export function sortMistakes(mistakes: readonly Mistake[], files: readonly string[] = []): readonly Mistake[] {
  const rank = new Map(files.map((file, i) => [file, i]));
  const order = (m: Mistake): number => rank.get(m.file) ?? files.length;
  const once = new Map(mistakes.map((m) => [JSON.stringify([m.file, m.line, m.column, m.message]), m]));
  return [...once.values()].sort(
    (a, b) => order(a) - order(b) || compareUtf8(a.file, b.file) || a.line - b.line || a.column - b.column,
  );
}

const MAX_QUOTED = 60;

/** A text as messages show it: in double quotes, on one line, cut off when long. */
export function quote(text: string): string {
  const characters = Array.from(text.slice(0, 2 * MAX_QUOTED));
  const whole = characters.length <= MAX_QUOTED && text.length <= 2 * MAX_QUOTED;
  return JSON.stringify(whole ? text : `${characters.slice(0, MAX_QUOTED).join("")}…`);
}
