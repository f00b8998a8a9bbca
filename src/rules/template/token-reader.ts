import { TemplateError } from "./ast.ts";
import { lexTemplate, type Token, type TokenKind } from "./lex.ts";

/** Deeper nesting than this is refused, for parser and evaluator recurse. */
const MAX_DEPTH = 100;

/** The words of a template, one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  /** @throws TemplateError where the text cannot be cut into words */
  constructor(text: string) {
    this.#tokens = lexTemplate(text);
  }

  get peek(): Token {
    return this.#tokens[this.#next]!;
  }

  /** The word after the next one. */
  get second(): Token {
    return this.#tokens[this.#next + 1] ?? this.#tokens.at(-1)!;
  }

  take(): Token {
    const token = this.peek;
    if (token.kind !== "end") this.#next++;
    return token;
  }

  is(kind: TokenKind, text?: string): boolean {
    return this.peek.kind === kind && (text === undefined || this.peek.text === text);
  }

  /** Takes the next word where it is this one; whether it was. */
  skip(kind: TokenKind, text: string): boolean {
    const found = this.is(kind, text);
    if (found) this.take();
    return found;
  }

  /** @throws TemplateError where the next word is another one */
  expect(kind: TokenKind, text: string): Token {
    if (!this.is(kind, text)) throw this.mistake(this.peek, `is not expected here, but ${JSON.stringify(text)}`);
    return this.take();
  }

  /** The error that a word is wrong where it stands. */
  mistake(token: Token, what: string): TemplateError {
    const found = token.kind === "end" ? "the end of the text" : JSON.stringify(token.text);
    return new TemplateError(`Cannot parse template: ${found} ${what}`, token.from, token.to);
  }

  /** @throws TemplateError where it stands too deep within others */
  nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw this.mistake(this.peek, `is nested deeper than ${MAX_DEPTH} levels`);
    const result = read();
    this.#depth--;
    return result;
  }
}
