import { parseDuration } from "../series/time.ts";
import { PromqlError, type Span } from "./error.ts";

const INTEGER_PREFIXED = /^0(?:[xX][0-9a-fA-F]+|[bB][01]+|[oO]?[0-7]+)$/;
const DECIMAL = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Reads a number as Prometheus 3 does: decimal, hexadecimal, octal with a leading zero, Inf, NaN, or a duration, which
 * stands for its seconds ("1h30m" is 5400). No sign.
 */
export function readNumber(text: string, at: Span): number {
  if (/^inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const digits = text.replaceAll("_", "");
  if (INTEGER_PREFIXED.test(digits)) return Number(digits.replace(/^0(?=[0-7])/, "0o"));
  if (DECIMAL.test(digits)) return Number(digits);
  try {
    return parseDuration(text) / 1000;
  } catch {
    throw new PromqlError(`Cannot read number ${JSON.stringify(text)}: expected for example 1.5, 0x1f, 5m or Inf`, at);
  }
}

const ESCAPES: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["b", 8],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
  ["\\", 92],
  ["'", 39],
  ['"', 34],
]);
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))|[^\\]+/gsu;

/**
 * Reads a string in single quotes, double quotes or backquotes, with Go's escapes; backquotes know none. `\x` and octal
 * escapes stand for bytes, which together must be UTF-8.
 */
export function readString(text: string, at: Span): string {
  const quote = text[0]!;
  const inner = text.slice(1, -1);
  if (quote === "`") return inner;
  if (!inner.includes("\\")) return inner;
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  for (const [whole, hex, short, long, octal, plain] of inner.matchAll(ESCAPE)) {
    const byte = hex === undefined ? (octal === undefined ? undefined : Number.parseInt(octal, 8)) : Number(`0x${hex}`);
    const point = short ?? long;
    if (byte !== undefined && byte < 256) bytes.push(byte);
    else if (point !== undefined) bytes.push(...encoder.encode(codePoint(point, whole, at)));
    else if (plain === undefined && byte === undefined) bytes.push(...encoder.encode(whole));
    else bytes.push(escaped(plain, quote, whole, at));
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    throw new PromqlError(`Cannot read string ${text}: expected its escapes to be UTF-8`, at);
  }
}

function escaped(letter: string | undefined, quote: string, whole: string, at: Span): number {
  const byte = letter === undefined ? undefined : ESCAPES.get(letter);
  const otherQuote = (letter === "'" || letter === '"') && letter !== quote;
  if (byte !== undefined && !otherQuote) return byte;
  throw new PromqlError(`Cannot read string: found the escape ${JSON.stringify(whole)}, which does not exist`, at);
}

function codePoint(hex: string, whole: string, at: Span): string {
  const point = Number.parseInt(hex, 16);
  if (point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)) return String.fromCodePoint(point);
  throw new PromqlError(`Cannot read string: found the escape ${JSON.stringify(whole)}, which is no character`, at);
}
