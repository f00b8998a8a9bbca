import { TemplateError } from "./ast.ts";

/** A literal where it stands in the template. */
interface Literal {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const SIMPLE = new Map(Object.entries({ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" }));
const ESCAPE = /\\(?:([abfnrtv\\"'])|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-3][0-7]{2})|.)/gsu;

/**
 * The text a Go literal stands for: "…" or '…' with Go's escapes, or `…` as it is.
 * @throws TemplateError on an escape Go refuses, and on a byte above 0x7f, which alone is no text.
 */
export function unquote(literal: string, from: number): string {
  if (literal.startsWith("`")) return literal.slice(1, -1).replaceAll("\r", "");
  const mark = literal[0]!;
  return literal.slice(1, -1).replace(ESCAPE, (all, simple, byte, u4, u8, octal, at: number) => {
    if (simple !== undefined && (simple === mark || !`"'`.includes(simple))) return SIMPLE.get(simple) ?? simple;
    const hex: string | undefined = byte ?? u4 ?? u8;
    const code = hex !== undefined ? Number.parseInt(hex, 16) : octal !== undefined ? Number.parseInt(octal, 8) : -1;
    const highest = (byte ?? octal) === undefined ? 0x10ffff : 0x7f;
    if (code >= 0 && code <= highest && (code < 0xd800 || code > 0xdfff)) return String.fromCodePoint(code);
    const start = from + 1 + at;
    throw new TemplateError(`Cannot parse template: unknown escape ${JSON.stringify(all)}`, start, start + all.length);
  });
}

/** The code of a character literal. */
export function readCharacter({ text, from, to }: Literal): bigint {
  const code = text.codePointAt(0);
  if (code !== undefined && String.fromCodePoint(code) === text) return BigInt(code);
  throw new TemplateError("Cannot parse template: expected one character between single quotes", from, to);
}

const HEX_FLOAT = /^0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)$/;

/**
 * As Go reads constants: with a point or an exponent a float, otherwise an int; a leading zero means octal, and `_` may stand
 * between digits.
 */
export function readNumber(token: Literal): number | bigint {
  const [, sign, written] = /^([+-]?)(.*)$/.exec(token.text)!;
  const digits = written!.replaceAll("_", "");
  const value = hasStrayUnderscore(written!) ? undefined : magnitudeOf(digits);
  if (typeof value === "bigint") {
    const int = sign === "-" ? -value : value;
    if (BigInt.asIntN(64, int) === int) return int;
  } else if (value !== undefined && Number.isFinite(value)) return sign === "-" ? -value : value;
  throw new TemplateError(
    `Cannot parse number ${JSON.stringify(token.text)}: expected one that fits 64 bits`,
    token.from,
    token.to,
  );
}

/** One that does not stand between two digits, or between a prefix and a digit. */
const hasStrayUnderscore = (digits: string): boolean =>
  /^_|__|_$|_[^\da-f]|[^\da-fxob]_/i.test(digits) || (!/^0x/i.test(digits) && /e_|_e/i.test(digits));

/** Undefined where the digits are no number. */
function magnitudeOf(digits: string): number | bigint | undefined {
  const hex = HEX_FLOAT.exec(digits);
  if (hex !== null) {
    const [, whole, fraction, exponent] = hex;
    const mantissa = whole! + fraction!;
    if (mantissa === "") return undefined;
    return Number(BigInt(`0x${mantissa}`)) * 2 ** (Number(exponent) - 4 * fraction!.length);
  }
  if (/^0x/i.test(digits) ? digits.includes(".") : /[.e]/i.test(digits)) {
    return /^0[xbo]/i.test(digits) ? undefined : Number(digits);
  }
  const int = /^0\d/.test(digits) ? `0o${digits}` : digits;
  return /^(?:0x[\da-f]+|0b[01]+|0o[0-7]+|\d+)$/i.test(int) ? BigInt(int) : undefined;
}
