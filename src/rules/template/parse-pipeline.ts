import { DATA_FIELDS, PRELUDE, type TemplateExpr } from "./ast.ts";
import { FUNCTIONS, REFUSED } from "./functions.ts";
import type { Token } from "./lex.ts";
import { readCharacter, readNumber } from "./literals.ts";
import type { Scope } from "./scope.ts";
import type { TokenReader } from "./token-reader.ts";
import type { Uses } from "./uses.ts";

const CONSTANTS = new Map([
  ["true", true],
  ["false", false],
  ["nil", null],
]);
const VALUE_SLOT = PRELUDE.indexOf("$value");
const wantedFields = () => `expected one of ${DATA_FIELDS.map((name) => `.${name}`).join(" ")}`;

/** A `range` that declares or assigns: the slots it fills in each round. */
export interface RangeVariables {
  readonly key: number | undefined;
  readonly value: number | undefined;
}

/** Reads what stands in an action: pipelines of commands. */
export class PipelineParser {
  readonly #reader: TokenReader;
  readonly #scope: Scope;
  readonly #uses: Uses;
  /** The pipeline is what another template is given. */
  #isPassed = false;

  constructor(reader: TokenReader, scope: Scope, uses: Uses) {
    this.#reader = reader;
    this.#scope = scope;
    this.#uses = uses;
  }

  /** A pipeline up to the end of the action, which is taken too. */
  action(): TemplateExpr {
    const expr = this.#pipeline();
    this.#reader.expect("right", "}}");
    return expr;
  }

  /** The pipeline of a `template` or `block`, which may be all the data. */
  passed(): TemplateExpr {
    this.#isPassed = true;
    const expr = this.action();
    this.#isPassed = false;
    return expr;
  }

  /** `$k, $v := pipeline` and its shorter forms. Declared names come into scope after the pipeline. */
  range(): { readonly expr: TemplateExpr; readonly variables: RangeVariables } {
    const names = this.#rangeNames();
    const assigns = names.length > 0 && this.#reader.take().text === "=";
    const expr = this.#stages();
    this.#reader.expect("right", "}}");
    const slots = names.map((name) => (assigns ? this.#slotOf(name) : this.#scope.declare(name.text)));
    return { expr, variables: { key: slots.length > 1 ? slots[0] : undefined, value: slots.at(-1) } };
  }

  #rangeNames(): Token[] {
    const { kind, text } = this.#reader.second;
    if (!this.#reader.is("variable") || kind !== "punctuation" || !(text === "," || isSign(text))) return [];
    const names = [this.#reader.take()];
    if (this.#reader.skip("punctuation", ",")) {
      if (!this.#reader.is("variable")) {
        throw this.#reader.mistake(this.#reader.peek, "is not expected here, but a second variable");
      }
      names.push(this.#reader.take());
    }
    if (!this.#reader.is("punctuation", "=")) {
      if (!this.#reader.is("punctuation", ":=")) this.#reader.expect("punctuation", ":=");
    }
    return names;
  }

  /** An optional declaration or assignment and the stages after it. */
  #pipeline(): TemplateExpr {
    const sign = this.#reader.second;
    if (!this.#reader.is("variable") || sign.kind !== "punctuation" || !isSign(sign.text)) return this.#stages();
    const variable = this.#reader.take();
    this.#reader.take();
    if (sign.text === "=") {
      const slot = this.#slotOf(variable);
      return { kind: "set", slot, expr: this.#stages(), isShown: false };
    }
    const expr = this.#stages();
    return { kind: "set", slot: this.#scope.declare(variable.text), expr, isShown: false };
  }

  #stages(): TemplateExpr {
    const expr = this.#reader.nested(() => this.#stagesAfter(this.#command(undefined)));
    if (this.#reader.is("right") || this.#reader.is("punctuation", ")")) return expr;
    throw this.#reader.mistake(this.#reader.peek, "is not expected here");
  }

  /** The stages to come count as nested in one another, as their calls are. */
  #stagesAfter(expr: TemplateExpr): TemplateExpr {
    if (!this.#reader.skip("punctuation", "|")) return expr;
    return this.#reader.nested(() => this.#stagesAfter(this.#command(expr)));
  }

  /** One stage; the value of the stage before becomes its last argument. */
  #command(piped: TemplateExpr | undefined): TemplateExpr {
    const first = this.#reader.peek;
    const { kind, spaced } = this.#reader.second;
    const isCall = first.kind === "name" && !CONSTANTS.has(first.text) && (kind !== "field" || spaced);
    if (isCall) {
      this.#reader.take();
      return this.#call(first, this.#arguments(piped));
    }
    const operand = this.#operand();
    if (first.text === "nil" && operand.kind === "literal" && operand.value === null) {
      throw this.#reader.mistake(first, "is no command, only an argument");
    }
    const args = this.#arguments(piped);
    if (args.length === 0) return operand;
    if (operand.kind === "field") return { ...operand, args };
    throw this.#reader.mistake(
      first,
      piped === undefined ? "is no function and takes no arguments" : "cannot stand after |, only a function can",
    );
  }

  #arguments(piped: TemplateExpr | undefined): TemplateExpr[] {
    const args: TemplateExpr[] = [];
    for (;;) {
      const { kind, text, spaced } = this.#reader.peek;
      if (kind === "right" || kind === "end" || (kind === "punctuation" && text !== "(")) break;
      if (!spaced) throw this.#reader.mistake(this.#reader.peek, "needs a space before it");
      args.push(this.#operand());
    }
    return piped === undefined ? args : [...args, piped];
  }

  #call(name: Token, args: TemplateExpr[]): TemplateExpr {
    if (name.text === "and" || name.text === "or") {
      if (args.length === 0) throw this.#reader.mistake(name, "needs at least one argument");
      return { kind: "logic", stopsAt: name.text === "or", args };
    }
    const found = FUNCTIONS.get(name.text);
    if (found === undefined) {
      const why = REFUSED.has(name.text) ? "is a function not supported here" : "is no function";
      throw this.#reader.mistake(name, why);
    }
    if (args.length < found.min || args.length > found.max) {
      const range = found.min === found.max ? `${found.min}` : `at least ${found.min}`;
      const plural = found.min === 1 ? "" : "s";
      throw this.#reader.mistake(name, `takes ${range} argument${plural}, not ${args.length}`);
    }
    if (name.text === "query") {
      const [query] = args;
      const text = query?.kind === "literal" && typeof query.value === "string" ? query.value : undefined;
      this.#uses.queries.push({ text, from: name.from, to: name.to });
    }
    return { kind: "call", call: found.call, args };
  }

  #operand(): TemplateExpr {
    const token = this.#reader.take();
    const isLiteral = token.kind === "dot" || (token.kind === "name" && CONSTANTS.has(token.text));
    const expr = this.#term(token);
    const names: string[] = [];
    while (this.#fieldFollows()) {
      if (isLiteral || expr.kind === "literal")
        throw this.#reader.mistake(this.#reader.peek, "cannot stand after this");
      names.push(this.#reader.take().text);
    }
    if (names.length === 0) return expr;
    const isChain = token.kind === "field" && expr.kind === "field";
    return {
      kind: "field",
      ...(isChain ? { of: expr.of, names: [...expr.names, ...names] } : { of: expr, names }),
      args: [],
    };
  }

  #fieldFollows(): boolean {
    return this.#reader.is("field") && !this.#reader.peek.spaced;
  }

  #term(token: Token): TemplateExpr {
    switch (token.kind) {
      case "name": {
        const constant = CONSTANTS.get(token.text);
        return constant === undefined ? this.#call(token, []) : { kind: "literal", value: constant };
      }
      case "string":
        return { kind: "literal", value: token.text };
      case "number":
        return { kind: "literal", value: readNumber(token) };
      case "character":
        return { kind: "literal", value: readCharacter(token) };
      case "dot":
        if (this.#scope.dotIsGiven) this.#noteWhole();
        return { kind: "dot" };
      case "field":
        if (this.#scope.dotIsGiven) this.#noteField(token);
        return { kind: "field", of: { kind: "dot" }, names: [token.text], args: [] };
      case "variable":
        return this.#variable(token);
      case "punctuation":
        if (token.text === "(") return this.#reader.nested(() => this.#parenthesised());
    }
    throw this.#reader.mistake(token, "is not expected here, but a value");
  }

  #parenthesised(): TemplateExpr {
    const expr = this.#pipeline();
    this.#reader.expect("punctuation", ")");
    return expr.kind === "set" ? { ...expr, isShown: true } : expr;
  }

  #variable(token: Token): TemplateExpr {
    const slot = this.#slotOf(token);
    if (slot === 0) {
      if (this.#fieldFollows()) this.#noteField(this.#reader.peek);
      else this.#noteWhole();
    }
    return { kind: "variable", slot, name: token.text };
  }

  #slotOf(variable: Token): number {
    const slot = this.#scope.find(variable.text);
    if (slot === undefined) throw this.#reader.mistake(variable, "is a variable nobody declared");
    if (this.#scope.isMain && slot === VALUE_SLOT) this.#uses.noteValue();
    return slot;
  }

  /** A field of what the template was given: of the data in the rule's text, of anything in a `define`. */
  #noteField(token: Token): void {
    if (!this.#scope.isMain) {
      if (token.text === "Value") this.#uses.noteShownInDefine();
      return;
    }
    if (!(DATA_FIELDS as readonly string[]).includes(token.text)) {
      throw this.#reader.mistake(token, `is no field of the data, ${wantedFields()}`);
    }
    if (token.text === "Value") this.#uses.noteValue();
  }

  #noteWhole(): void {
    if (!this.#scope.isMain) this.#uses.noteShownInDefine();
    else if (this.#isPassed) this.#uses.notePassed();
    else this.#uses.noteValue();
  }
}

const isSign = (text: string): boolean => text === ":=" || text === "=";
