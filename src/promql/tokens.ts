import { PromqlError, type Span, UnsupportedError } from "./error.ts";

/** A token; `sign` is any punctuation, and a word is not yet known to be a keyword. */
export interface Token extends Span {
  readonly kind: "number" | "string" | "word" | "sign" | "end";
  readonly text: string;
}

const BLANK = /(?:\s+|#[^\n]*)+/y;
const NUMBER = /0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?[a-zA-Z0-9]*/y;
const WORD = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
/** Where a colon separates (in brackets) or is no part of a name (in braces). */
const PLAIN_WORD = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const SIGN = /=~|!~|==|!=|>=|<=|<\/|>\/|./suy;
/** In braces `=` stands alone: `a{b=="c"}` is a mistake at the second one. */
const BRACE_SIGN = /=~|!~|!=|./suy;

/** Cuts a text into tokens, the last of which is the end. @throws PromqlError on a string without end. */
function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let braces = 0;
  let brackets = 0;
  for (let i = 0; i < text.length; ) {
    const blank = match(BLANK, text, i);
    if (blank !== undefined) {
      i += blank.length;
      continue;
    }
    const token = tokenAt(text, i, braces > 0, brackets > 0);
    if (token.text === "{") braces++;
    else if (token.text === "}") braces--;
    else if (token.text === "[") brackets++;
    else if (token.text === "]") brackets--;
    tokens.push(token);
    i = token.to;
  }
  tokens.push({ kind: "end", text: "", from: text.length, to: text.length });
  return tokens;
}

function tokenAt(text: string, from: number, inBraces: boolean, inBrackets: boolean): Token {
  const char = text[from]!;
  if (char === '"' || char === "'" || char === "`") {
    const to = endOfString(text, from);
    return { kind: "string", text: text.slice(from, to), from, to };
  }
  const number = match(NUMBER, text, from);
  if (number !== undefined) return { kind: "number", text: number, from, to: from + number.length };
  const word = match(inBraces || inBrackets ? PLAIN_WORD : WORD, text, from);
  if (word === undefined) {
    const sign = match(inBraces ? BRACE_SIGN : SIGN, text, from)!;
    return { kind: "sign", text: sign, from, to: from + sign.length };
  }
  // Keywords, in any case, but not where a label's name stands.
  const kind = !inBraces && /^(?:inf|nan)$/i.test(word) ? "number" : "word";
  return { kind, text: word, from, to: from + word.length };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
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

/** The tokens of a text, read from left to right. */
export class Tokens {
  readonly text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.text = text;
    this.#tokens = tokenize(text);
  }

  /** The token `ahead` of the next one. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** Where the token before the next one ends. */
  get end(): number {
    return this.#tokens[this.#next - 1]?.to ?? 0;
  }

  /** Whether the next token, or one `ahead` of it, is this sign. */
  isSign(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "sign" && token.text === text;
  }

  /** The next token in lower case, if it is a word. */
  keyword(ahead = 0): string | undefined {
    const token = this.peek(ahead);
    return token.kind === "word" ? token.text.toLowerCase() : undefined;
  }

  /** Takes the next token if it is this sign. */
  take(sign: string): Token | undefined {
    return this.isSign(sign) ? this.next() : undefined;
  }

  /** Takes a sign, a number, … that has to stand here. @throws PromqlError where something else does */
  expect(wanted: { readonly sign: string } | { readonly kind: Token["kind"] }): Token {
    const fits = "sign" in wanted ? this.isSign(wanted.sign) : this.peek().kind === wanted.kind;
    if (!fits) throw this.unexpected();
    return this.next();
  }

  /** The mistake that the next token is. */
  unexpected(): PromqlError {
    const { kind, text, from, to } = this.peek();
    if (kind === "end") return new PromqlError("Cannot parse expression: it ends too early", { from, to });
    if (kind === "word" && (text === "anchored" || text === "smoothed")) {
      return new UnsupportedError(`The ${text} modifier`, "experimental", { from, to });
    }
    return new PromqlError(`Cannot parse expression: did not expect ${text} here`, { from, to });
  }
}
