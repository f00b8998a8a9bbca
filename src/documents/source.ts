/** The text of one file, with the offsets at which its lines begin. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
  /** Whether it holds characters of two UTF-16 units; without any, columns need no counting, however long the line. */
  readonly surrogates: boolean;
}

/** A piece of a file: UTF-16 offsets into its text, `to` exclusive. */
export interface Span {
  readonly source: Source;
  readonly from: number;
  readonly to: number;
}

/** Where something was written; lines and columns count from 1, columns in characters (code points). */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Indexes the lines of a text. */
export function source(file: string, text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { file, text, lineStarts, surrogates: /[\ud800-\udfff]/.test(text) };
}

/** The index of the line that holds an offset. */
function lineIndex(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lineStarts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The line an offset lies on, without its line break. */
export function lineAt(from: Source, offset: number): { number: number; start: number; text: string } {
  const index = lineIndex(from.lineStarts, offset);
  const start = from.lineStarts[index]!;
  let end = index + 1 < from.lineStarts.length ? from.lineStarts[index + 1]! - 1 : from.text.length;
  if (from.text[end - 1] === "\r" && end > start) end--;
  return { number: index + 1, start, text: from.text.slice(start, end) };
}

/** Where a span begins. */
export function placeOf(span: Span): Place {
  const line = lineAt(span.source, span.from);
  const column = countCharacters(span.source, line.start, span.from) + 1;
  return { file: span.source.file, line: line.number, column };
}

/** How many characters (code points) a source holds between two offsets. */
export function countCharacters(from: Source, start: number, end: number): number {
  let count = end - start;
  if (!from.surrogates) return count;
  for (let i = start + 1; i < end; i++) {
    if (isLow(from.text.charCodeAt(i)) && isHigh(from.text.charCodeAt(i - 1))) count--;
  }
  return count;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
