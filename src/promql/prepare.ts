import { type DurationMs, durationMs } from "../series/time.ts";
import { PromqlError, type Span, unsupported } from "./error.ts";
import { readNumber } from "./literals.ts";

/** An `offset` modifier, lifted out of the text; `after` is where the token before it ends. */
export interface OffsetModifier extends Span {
  readonly after: number;
  readonly offset: DurationMs;
}

/** A text the grammar reads rightly, each character where it was, and the modifiers blanked out of it. */
export interface Prepared {
  readonly text: string;
  readonly offsets: readonly OffsetModifier[];
}

const IDENTIFIER = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const NUMBER = /0[xX][0-9a-fA-F]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?[a-zA-Z0-9]*/y;
const DANGLING_POINT = /^([\d_]+)\.([eE][+-]?\d+)?$/;
const BLANK = /(?:\s+|#[^\n]*)+/y;
/** What may follow the keyword; elsewhere `offset` is a label's name. */
const OFFSET_VALUE =
  /\s*([+-]?)\s*(0[xX][0-9a-fA-F]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?[a-zA-Z0-9]*)/y;
const OFFSET_EXPRESSION = /\s*[+-]?\s*(?:\(|[a-zA-Z])/y;

/**
 * Makes up for two things the grammar gets wrong. It lets `offset` bind weaker than operators (`a + b offset 5m` is read
 * as `(a + b) offset 5m`), so the modifiers are lifted out here and given to the selector they follow; and it does not
 * know numbers that end in a point (`2.`, `1.e3`), so it is shown others of the same length; what is read is the original.
 * @throws PromqlError on a string without end and on an offset that is no duration.
 */
export function prepare(text: string): Prepared {
  const out = text.split("");
  const offsets: OffsetModifier[] = [];
  let braces = 0;
  let after = 0;
  for (let i = 0; i < text.length; ) {
    const blank = match(BLANK, text, i);
    if (blank !== undefined) {
      i += blank.length;
      continue;
    }
    const char = text[i]!;
    const number = match(NUMBER, text, i);
    const word = number === undefined ? match(IDENTIFIER, text, i) : undefined;
    let end = i + 1;
    if (char === '"' || char === "'" || char === "`") end = endOfString(text, i);
    else if (char === "{") braces++;
    else if (char === "}") braces--;
    else if (number !== undefined) {
      end = i + number.length;
      const parts = DANGLING_POINT.exec(number);
      if (parts) overwrite(out, i, `0${parts[1]}${parts[2] ?? ""}`);
    } else if (word !== undefined) {
      end = i + word.length;
      const modifier = braces === 0 && word.toLowerCase() === "offset" ? readOffset(text, i, after) : undefined;
      if (modifier !== undefined) {
        offsets.push(modifier);
        overwrite(out, i, " ".repeat(modifier.to - i));
        i = modifier.to;
        continue;
      }
    }
    after = end;
    i = end;
  }
  return { text: out.join(""), offsets };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function overwrite(out: string[], at: number, text: string): void {
  for (let i = 0; i < text.length; i++) out[at + i] = text[i]!;
}

/** Where a string ends, its quote included. A line break ends it too early, but for backquotes. */
function endOfString(text: string, from: number): number {
  const quote = text[from];
  for (let i = from + 1; i < text.length && (text[i] !== "\n" || quote === "`"); i++) {
    if (text[i] === quote) return i + 1;
    if (text[i] === "\\" && quote !== "`") i++;
  }
  throw new PromqlError(`Cannot read string: expected a closing ${quote}`, { from, to: text.length });
}

/** Reads the modifier whose keyword stands at `from`; undefined where the word is a label's name. */
function readOffset(text: string, from: number, after: number): OffsetModifier | undefined {
  const start = from + "offset".length;
  OFFSET_VALUE.lastIndex = start;
  const found = OFFSET_VALUE.exec(text);
  if (!found) {
    const expression = match(OFFSET_EXPRESSION, text, start);
    if (expression === undefined) return undefined;
    throw unsupported("A duration expression", { from, to: start + expression.length });
  }
  const to = OFFSET_VALUE.lastIndex;
  const seconds = readNumber(found[2]!, { from: to - found[2]!.length, to });
  if (!Number.isSafeInteger(Math.round(seconds * 1000))) {
    throw new PromqlError(`Cannot read offset ${found[2]}: expected a duration, for example 5m`, { from, to });
  }
  const ms = Math.round(seconds * 1000);
  return { from, to, after, offset: durationMs(found[1] === "-" && ms !== 0 ? -ms : ms) };
}
