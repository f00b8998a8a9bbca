import { TemplateError } from "./ast.ts";
import { unquote } from "./literals.ts";

export type TokenKind =
  | "text"
  | "left"
  | "right"
  | "name"
  | "variable"
  | "field"
  | "number"
  | "string"
  | "character"
  | "dot"
  | "punctuation"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  /** What it says: text after trimming, a string or character after unquoting, a field without its point. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** White space stands before it. */
  readonly spaced: boolean;
}

const SPACE = /[ \t\r\n]+/y;
const WORDS: readonly (readonly [kind: TokenKind, pattern: RegExp])[] = [
  [
    "number",
    /[+-]?(?:0[xX][\da-fA-F_]*\.?[\da-fA-F_]*(?:[pP][+-]?[\d_]+)?|0[bBoO][0-7_]*|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?[\d_]+)?)/y,
  ],
  ["field", /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["dot", /\./y],
  ["variable", /\$[\p{L}\p{Nd}_]*/uy],
  ["name", /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["string", /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`/y],
  ["character", /'(?:[^'\\\n]|\\[^\n])*'/y],
  ["punctuation", /:=|[=|(),]/y],
];
/** What may follow a word directly. A number ends where no letter follows, and after quotes the parser wants a space. */
const TERMINATOR = /[ \t\r\n.,|:()]|\}\}|$/y;
const ENDS_NUMBER = /(?![\p{L}\p{Nd}_])/uy;

const STANDS_ALONE: ReadonlySet<TokenKind> = new Set(["punctuation", "string", "character"]);

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
    const end = kind === "number" ? ENDS_NUMBER : STANDS_ALONE.has(kind) ? undefined : TERMINATOR;
    if (end !== undefined && matchAt(end, text, to) === undefined) throw unexpected(text, to);
    const isQuoted = kind === "string" || kind === "character";
    const word = isQuoted ? unquote(found, from) : kind === "field" ? found.slice(1) : found;
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
