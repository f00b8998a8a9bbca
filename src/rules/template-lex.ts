import { TemplateError } from "./template-ast.ts";

export type TokenKind =
  | "text"
  | "left"
  | "right"
  | "name"
  | "variable"
  | "field"
  | "number"
  | "string"
  | "dot"
  | "punctuation"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  /** What it says: text after trimming, a string after unquoting, a field without its point. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** White space stands before it. */
  readonly spaced: boolean;
}

const SPACE = /[ \t\r\n]+/y;
const WORDS: readonly (readonly [kind: TokenKind, pattern: RegExp])[] = [
  ["number", /[+-]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y],
  ["field", /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["dot", /\./y],
  ["variable", /\$[\p{L}\p{Nd}_]*/uy],
  ["name", /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["string", /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`/y],
  ["punctuation", /:=|[=|(),]/y],
];
/** What may follow a word directly. */
const TERMINATOR = /[ \t\r\n.,|:=()]|\}\}|$/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/**
 * Cuts a template into text and the words of its actions; trims around `{{-` and `-}}` and drops comments, as Go's
 * text/template does.
 * @throws TemplateError
 */
export function lexTemplate(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trim = false;
  while (at <= text.length) {
    const left = text.indexOf("{{", at);
    const end = left < 0 ? text.length : left;
    const trimsLeft = left >= 0 && text[left + 2] === "-" && matchAt(SPACE, text, left + 3) !== undefined;
    let literal = text.slice(at, end);
    if (trim) literal = literal.replace(/^[ \t\r\n]+/, "");
    if (trimsLeft) literal = trimEnd(literal);
    if (literal !== "") tokens.push({ kind: "text", text: literal, from: at, to: end, spaced: false });
    if (left < 0) break;
    ({ at, trim } = lexAction(text, left, trimsLeft ? left + 4 : left + 2, tokens));
  }
  tokens.push({ kind: "end", text: "", from: text.length, to: text.length, spaced: false });
  return tokens;
}

/** Without the white space at its end; a loop, for a pattern tied to the end alone takes quadratic time. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && " \t\r\n".includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

function lexAction(text: string, left: number, start: number, tokens: Token[]): { at: number; trim: boolean } {
  if (text.startsWith("/*", start)) return skipComment(text, left, start);
  tokens.push({ kind: "left", text: "{{", from: left, to: start, spaced: false });
  for (let at = start; ; ) {
    const space = matchAt(SPACE, text, at)?.length ?? 0;
    at += space;
    const trim = space > 0 && text.startsWith("-}}", at);
    if (trim || text.startsWith("}}", at)) {
      const to = at + (trim ? 3 : 2);
      tokens.push({ kind: "right", text: "}}", from: at, to, spaced: false });
      return { at: to, trim };
    }
    if (at >= text.length) throw new TemplateError(`Cannot parse template: "{{" is not closed`, left, text.length);
    const token = lexWord(text, at, space > 0);
    tokens.push(token);
    at = token.to;
  }
}

function skipComment(text: string, left: number, start: number): { at: number; trim: boolean } {
  const close = text.indexOf("*/", start + 2);
  if (close < 0) throw new TemplateError(`Cannot parse template: "/*" is not closed`, left, text.length);
  const after = close + 2;
  if (text.startsWith("}}", after)) return { at: after + 2, trim: false };
  if (/^[ \t\r\n]-\}\}/.test(text.slice(after, after + 4))) return { at: after + 4, trim: true };
  throw new TemplateError(`Cannot parse template: expected "}}" right after the comment`, left, after);
}

function lexWord(text: string, from: number, spaced: boolean): Token {
  for (const [kind, pattern] of WORDS) {
    const found = matchAt(pattern, text, from);
    if (found === undefined) continue;
    const to = from + found.length;
    if (kind !== "punctuation" && kind !== "dot" && matchAt(TERMINATOR, text, to) === undefined) {
      throw unexpected(text, to);
    }
    const word = kind === "string" ? unquote(found, from) : kind === "field" ? found.slice(1) : found;
    return { kind, text: word, from, to, spaced };
  }
  throw unexpected(text, from);
}

function unexpected(text: string, at: number): TemplateError {
  const found = String.fromCodePoint(text.codePointAt(at)!);
  const wanted = found === '"' || found === "`" ? "a string that is closed on its line" : "an operand or }}";
  return new TemplateError(
    `Cannot parse template: found ${JSON.stringify(found)}, expected ${wanted}`,
    at,
    at + found.length,
  );
}

const SIMPLE = new Map(Object.entries({ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" }));
const ESCAPE = /\\(?:([abfnrtv\\"])|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-3][0-7]{2})|.)/gsu;

/**
 * The text a Go string literal stands for: "…" with Go's escapes, or `…` as it is.
 * @throws TemplateError on an escape Go refuses, and on a byte above 0x7f, which alone is no text.
 */
function unquote(literal: string, from: number): string {
  if (literal.startsWith("`")) return literal.slice(1, -1).replaceAll("\r", "");
  return literal.slice(1, -1).replace(ESCAPE, (all, simple, byte, u4, u8, octal, at: number) => {
    if (simple !== undefined) return SIMPLE.get(simple) ?? simple;
    const hex: string | undefined = byte ?? u4 ?? u8;
    const code = hex !== undefined ? Number.parseInt(hex, 16) : octal !== undefined ? Number.parseInt(octal, 8) : -1;
    const highest = (byte ?? octal) === undefined ? 0x10ffff : 0x7f;
    if (code >= 0 && code <= highest && (code < 0xd800 || code > 0xdfff)) return String.fromCodePoint(code);
    const start = from + 1 + at;
    throw new TemplateError(`Cannot parse template: unknown escape ${JSON.stringify(all)}`, start, start + all.length);
  });
}

/** As Go reads constants: with a point or an exponent a float, otherwise an int; a leading zero means octal. */
export function readNumber(token: Token): number | bigint {
  const [, sign, digits] = /^([+-]?)(.*)$/.exec(token.text)!;
  if (/^0[xXbBoO]/.test(digits!) || !/[.eE]/.test(digits!)) {
    const octal = /^0\d/.test(digits!);
    if (octal && /[89]/.test(digits!))
      throw new TemplateError(`Cannot parse number ${JSON.stringify(token.text)}`, token.from, token.to);
    const magnitude = BigInt(octal ? `0o${digits}` : digits!);
    const value = sign === "-" ? -magnitude : magnitude;
    if (BigInt.asIntN(64, value) === value) return value;
  } else if (Number.isFinite(Number(token.text))) return Number(token.text);
  throw new TemplateError(
    `Cannot parse number ${JSON.stringify(token.text)}: expected one that fits 64 bits`,
    token.from,
    token.to,
  );
}
