import type { TemplateNode } from "./template-ast.ts";
import { DATA_FIELDS, DATA_VARIABLES, type Pipeline, TemplateError, type TemplateExpr } from "./template-ast.ts";
import { ELSEWHERE, FUNCTIONS } from "./template-functions.ts";
import { lexTemplate, readNumber, type Token, type TokenKind } from "./template-lex.ts";

/** Deeper nesting than this is refused, for parser and evaluator recurse. */
const MAX_DEPTH = 100;
const UNSUPPORTED_ACTIONS = new Set(["block", "break", "continue", "define", "template"]);

export interface ParsedTemplate {
  readonly nodes: readonly TemplateNode[];
  /** Variables to keep room for, the data among them. */
  readonly slots: number;
  readonly usesValue: boolean;
}

/**
 * Reads the subset of Go's text/template that rules use. What is outside is an error that names it; so are a function with
 * the wrong number of arguments and a field that is not there, which Go would find only when the alert fires.
 * @throws TemplateError
 */
export function parseTemplateText(text: string): ParsedTemplate {
  return new Parser(lexTemplate(text)).parse();
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  /** Names in scope and their slots, innermost last. */
  readonly #scope: [name: string, slot: number][] = DATA_VARIABLES.map((name, slot) => [name, slot]);
  #slots: number = DATA_VARIABLES.length;
  #usesValue = false;
  /** Whether `.` is still the data and not what a `with` or `range` made of it. */
  #dotIsData = true;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): ParsedTemplate {
    const nodes = this.#nodes();
    const last = this.#peek;
    if (last.kind !== "end") throw this.#at(this.#tokens[this.#next + 1]!, "is not inside an if, with or range");
    return { nodes, slots: this.#slots, usesValue: this.#usesValue };
  }

  get #peek(): Token {
    return this.#tokens[this.#next]!;
  }

  #take(): Token {
    const token = this.#peek;
    if (token.kind !== "end") this.#next++;
    return token;
  }

  #is(kind: TokenKind, text?: string): boolean {
    return this.#peek.kind === kind && (text === undefined || this.#peek.text === text);
  }

  #expect(kind: TokenKind, text: string): Token {
    if (!this.#is(kind, text)) throw this.#at(this.#peek, `is not expected here, but ${JSON.stringify(text)}`);
    return this.#take();
  }

  #at(token: Token, what: string): TemplateError {
    const found = token.kind === "end" ? "the end of the text" : JSON.stringify(token.text);
    return new TemplateError(`Cannot parse template: ${found} ${what}`, token.from, token.to);
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw this.#at(this.#peek, `is nested deeper than ${MAX_DEPTH} levels`);
    const result = read();
    this.#depth--;
    return result;
  }

  /** Up to the end of the text or an `else` or `end`, which is left standing. */
  #nodes(): TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (;;) {
      const token = this.#peek;
      if (token.kind === "end") return nodes;
      if (token.kind === "text") {
        nodes.push({ kind: "text", text: this.#take().text });
        continue;
      }
      const word = this.#tokens[this.#next + 1]!;
      if (word.kind === "name" && (word.text === "else" || word.text === "end")) return nodes;
      this.#expect("left", "{{");
      nodes.push(this.#action(word));
    }
  }

  #action(word: Token): TemplateNode {
    if (word.kind === "name" && UNSUPPORTED_ACTIONS.has(word.text)) {
      throw this.#at(word, "is an action that templates do not support here");
    }
    if (word.kind === "name" && (word.text === "if" || word.text === "with" || word.text === "range")) {
      this.#take();
      return this.#nested(() => this.#control(word.text as "if" | "with" | "range"));
    }
    const pipeline = this.#pipeline();
    this.#expect("right", "}}");
    return { kind: "output", pipeline };
  }

  #control(kind: "if" | "with" | "range"): TemplateNode {
    const scope = this.#scope.length;
    const dotWas = this.#dotIsData;
    const range = kind === "range" ? this.#rangeVariables() : undefined;
    const pipeline = range === undefined ? this.#pipeline() : { slot: undefined, expr: this.#stages("}}") };
    for (const [name, slot] of range?.names ?? []) this.#scope.push([name, slot]);
    this.#expect("right", "}}");
    if (kind !== "if") this.#dotIsData = false;
    const body = this.#nodes();
    this.#dotIsData = dotWas;
    const branches = { pipeline, body, otherwise: this.#otherwise(kind) };
    this.#scope.length = scope;
    return range === undefined
      ? { kind: kind as "if" | "with", ...branches }
      : { kind: "range", key: range.key, value: range.value, ...branches };
  }

  #otherwise(kind: string): readonly TemplateNode[] {
    if (this.#is("end")) throw this.#at(this.#peek, `comes before the {{ end }} of this ${kind}`);
    this.#expect("left", "{{");
    const word = this.#take();
    if (word.text === "end") {
      this.#expect("right", "}}");
      return [];
    }
    const chained = this.#peek;
    if (kind === "if" && chained.kind === "name" && chained.text === "if") {
      this.#take();
      return [this.#nested(() => this.#control("if"))];
    }
    this.#expect("right", "}}");
    const nodes = this.#nodes();
    const last = this.#tokens[this.#next + 1];
    if (last?.text === "else") throw this.#at(last, `stands twice in one ${kind}`);
    this.#otherwise(kind);
    return nodes;
  }

  /** `$k, $v :=` or `$v :=` or nothing; the names come into scope after the pipeline. */
  #rangeVariables(): { key: number | undefined; value: number | undefined; names: [string, number][] } {
    const following = this.#tokens[this.#next + 1]!;
    const names: [string, number][] = [];
    if (this.#is("variable") && (following.text === "," || following.text === ":=") && following.kind !== "string") {
      names.push([this.#take().text, this.#slots++]);
      if (this.#is("punctuation", ",")) {
        this.#take();
        if (!this.#is("variable")) throw this.#at(this.#peek, "is not expected here, but a second variable");
        names.push([this.#take().text, this.#slots++]);
      }
      this.#expect("punctuation", ":=");
    }
    return { key: names.length > 1 ? names[0]![1] : undefined, value: names.at(-1)?.[1], names };
  }

  /** An optional declaration or assignment and the stages after it. */
  #pipeline(): Pipeline {
    const sign = this.#tokens[this.#next + 1]!;
    if (!this.#is("variable") || sign.kind !== "punctuation" || (sign.text !== ":=" && sign.text !== "=")) {
      return { slot: undefined, expr: this.#stages("}}") };
    }
    const variable = this.#take();
    this.#take();
    if (sign.text === "=") {
      const slot = this.#slotOf(variable);
      return { slot, expr: this.#stages("}}") };
    }
    const expr = this.#stages("}}");
    const slot = this.#slots++;
    this.#scope.push([variable.text, slot]);
    return { slot, expr };
  }

  #slotOf(variable: Token): number {
    const slot = this.#scope.findLast(([name]) => name === variable.text)?.[1];
    if (slot === undefined) throw this.#at(variable, "is a variable nobody declared");
    if (slot === DATA_VARIABLES.indexOf("$value")) this.#usesValue = true;
    return slot;
  }

  #stages(close: "}}" | ")"): TemplateExpr {
    const depth = this.#depth;
    let expr = this.#command(undefined);
    while (this.#is("punctuation", "|")) {
      this.#take();
      if (++this.#depth > MAX_DEPTH) throw this.#at(this.#peek, `is nested deeper than ${MAX_DEPTH} levels`);
      expr = this.#command(expr);
    }
    this.#depth = depth;
    if (!this.#is(close === ")" ? "punctuation" : "right", close)) throw this.#at(this.#peek, "is not expected here");
    return expr;
  }

  /** One stage; the value of the stage before becomes its last argument. */
  #command(piped: TemplateExpr | undefined): TemplateExpr {
    const first = this.#peek;
    if (first.kind !== "name" || first.text === "true" || first.text === "false") {
      const operand = this.#operand();
      if (piped !== undefined) throw this.#at(first, "cannot stand after |, only a function can");
      if (this.#startsOperand()) throw this.#at(first, "is no function and takes no arguments");
      return operand;
    }
    this.#take();
    const args: TemplateExpr[] = [];
    while (this.#startsOperand()) {
      if (!this.#peek.spaced) throw this.#at(this.#peek, "needs a space before it");
      args.push(this.#operand());
    }
    if (piped !== undefined) args.push(piped);
    return this.#call(first, args);
  }

  #startsOperand(): boolean {
    const { kind, text } = this.#peek;
    return kind === "punctuation" ? text === "(" : kind !== "right" && kind !== "end";
  }

  #call(name: Token, args: TemplateExpr[]): TemplateExpr {
    if (name.text === "and" || name.text === "or") {
      if (args.length === 0) throw this.#at(name, "needs at least one argument");
      return { kind: "logic", stopsAt: name.text === "or", args };
    }
    const found = FUNCTIONS.get(name.text);
    if (found === undefined) {
      throw this.#at(name, ELSEWHERE.has(name.text) ? "is a function not supported here" : "is no function");
    }
    if (args.length < found.min || args.length > found.max) {
      const range = found.min === found.max ? `${found.min}` : `at least ${found.min}`;
      throw this.#at(name, `takes ${range} argument${range.endsWith("1") ? "" : "s"}, not ${args.length}`);
    }
    return { kind: "call", call: found.call, args };
  }

  #operand(): TemplateExpr {
    const token = this.#take();
    let expr: TemplateExpr | undefined;
    if (token.kind === "name") expr = this.#nameOperand(token);
    else if (token.kind === "string") expr = { kind: "literal", value: token.text };
    else if (token.kind === "number") expr = { kind: "literal", value: readNumber(token) };
    else if (token.kind === "field" && !this.#dotIsData)
      expr = { kind: "field", of: { kind: "dot" }, name: token.text };
    else if (token.kind === "field") expr = this.#dataField(token);
    else if (token.kind === "dot" && !this.#dotIsData) expr = { kind: "dot" };
    else if (token.kind === "variable" && token.text !== "$") expr = { kind: "variable", slot: this.#slotOf(token) };
    else if (token.kind === "variable" && this.#fieldFollows()) expr = this.#dataField(this.#take());
    else if (token.kind === "dot" || token.kind === "variable")
      throw this.#at(token, `needs a field, ${wantedFields()}`);
    else if (token.kind === "punctuation" && token.text === "(") expr = this.#nested(() => this.#parenthesised());
    if (expr === undefined) throw this.#at(token, "is not expected here, but a value");
    while (this.#fieldFollows()) expr = { kind: "field", of: expr, name: this.#take().text };
    return expr;
  }

  #parenthesised(): TemplateExpr {
    const expr = this.#stages(")");
    this.#expect("punctuation", ")");
    return expr;
  }

  #nameOperand(token: Token): TemplateExpr {
    if (token.text === "true" || token.text === "false") return { kind: "literal", value: token.text === "true" };
    return this.#call(token, []);
  }

  #fieldFollows(): boolean {
    return this.#is("field") && !this.#peek.spaced;
  }

  #dataField(token: Token): TemplateExpr {
    const index = (DATA_FIELDS as readonly string[]).indexOf(token.text);
    if (index < 0) throw this.#at(token, `is no field of the data, ${wantedFields()}`);
    if (DATA_FIELDS[index] === "Value") this.#usesValue = true;
    return { kind: "data", index };
  }
}

const wantedFields = () => `expected one of ${DATA_FIELDS.map((name) => `.${name}`).join(" ")}`;
