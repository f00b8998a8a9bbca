import type { Branches, TemplateBody, TemplateNode } from "./ast.ts";
import type { Token } from "./lex.ts";
import { PipelineParser, type RangeVariables } from "./parse-pipeline.ts";
import { Scope } from "./scope.ts";
import { TokenReader } from "./token-reader.ts";
import { Uses } from "./uses.ts";

export interface ParsedTemplate {
  readonly main: TemplateBody;
  /** What `define` and `block` make, by name. */
  readonly templates: ReadonlyMap<string, TemplateBody>;
  readonly uses: Uses;
}

/**
 * Reads Go's text/template. Some mistakes that Go would find only when the alert fires are errors here: a function with the
 * wrong number of arguments, a field the data has not, a template nobody defined.
 * @throws TemplateError
 */
export function parseTemplateText(text: string): ParsedTemplate {
  const shared: Shared = { reader: new TokenReader(text), uses: new Uses(), templates: new Map(), called: [] };
  const main = new BodyParser(shared, new Scope(true)).main();
  const unknown = shared.called.find(({ text: name }) => !shared.templates.has(name));
  if (unknown !== undefined) throw shared.reader.mistake(unknown, "is a template nobody defined");
  return { main, templates: shared.templates, uses: shared.uses };
}

/** What the templates of one text have in common. */
interface Shared {
  readonly reader: TokenReader;
  readonly uses: Uses;
  readonly templates: Map<string, TemplateBody>;
  /** The names that `template` calls. */
  readonly called: Token[];
}

type Control = "if" | "with" | "range";
const CONTROLS: ReadonlySet<string> = new Set<Control>(["if", "with", "range"]);
const isControl = (text: string): text is Control => CONTROLS.has(text);

/** Reads the nodes of one template: the rule's text, or what is between `define` and its `end`. */
class BodyParser {
  readonly #shared: Shared;
  readonly #reader: TokenReader;
  readonly #scope: Scope;
  readonly #pipelines: PipelineParser;

  constructor(shared: Shared, scope: Scope) {
    this.#shared = shared;
    this.#reader = shared.reader;
    this.#scope = scope;
    this.#pipelines = new PipelineParser(shared.reader, scope, shared.uses);
  }

  main(): TemplateBody {
    const nodes = this.#nodes(true);
    if (!this.#reader.is("end")) {
      throw this.#reader.mistake(this.#reader.second, "is not inside an if, with or range");
    }
    return { nodes, slots: this.#scope.slots };
  }

  /** Up to and with the `end` of a `define` or `block`. */
  body(kind: string): TemplateBody {
    const nodes = this.#nodes(false);
    this.#end(kind);
    return { nodes, slots: this.#scope.slots };
  }

  /** Up to the end of the text or an `else` or `end`, which is left standing. */
  #nodes(isTop: boolean): TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (;;) {
      if (this.#reader.is("end")) return nodes;
      if (this.#reader.is("text")) {
        nodes.push({ kind: "text", text: this.#reader.take().text });
        continue;
      }
      const word = this.#reader.second;
      if (word.kind === "name" && (word.text === "else" || word.text === "end")) return nodes;
      this.#reader.expect("left", "{{");
      if (word.kind === "name" && word.text === "define") this.#define(isTop);
      else nodes.push(this.#action(word));
    }
  }

  #action(word: Token): TemplateNode {
    const name = word.kind === "name" ? word.text : "";
    if (isControl(name)) return this.#reader.nested(() => this.#control(name));
    switch (name) {
      case "break":
      case "continue":
        return this.#leave(name);
      case "template":
        return this.#template();
      case "block":
        return this.#block();
      default:
        return { kind: "output", expr: this.#pipelines.action() };
    }
  }

  #control(kind: Control): TemplateNode {
    this.#reader.take();
    return this.#scope.within(() => {
      if (kind === "range") {
        const { expr, variables } = this.#pipelines.range();
        return this.#branches(kind, expr, variables);
      }
      return this.#branches(kind, this.#pipelines.action(), undefined);
    });
  }

  #branches(kind: Control, expr: Branches["expr"], variables: RangeVariables | undefined): TemplateNode {
    const dotWas = this.#scope.dotIsGiven;
    if (kind !== "if") this.#scope.dotIsGiven = false;
    if (kind === "range") this.#scope.ranges++;
    const body = this.#nodes(false);
    if (kind === "range") this.#scope.ranges--;
    this.#scope.dotIsGiven = dotWas;
    const branches = { expr, body, otherwise: this.#otherwise(kind) };
    if (variables !== undefined) return { kind: "range", ...variables, ...branches };
    return { kind: kind === "with" ? "with" : "if", ...branches };
  }

  #otherwise(kind: Control): readonly TemplateNode[] {
    if (this.#reader.second.text !== "else" || !this.#reader.is("left")) {
      this.#end(kind);
      return [];
    }
    this.#reader.take();
    this.#reader.take();
    const chained = this.#reader.peek;
    if (kind !== "range" && chained.kind === "name" && chained.text === kind) {
      return [this.#reader.nested(() => this.#control(kind))];
    }
    this.#reader.expect("right", "}}");
    const nodes = this.#nodes(false);
    if (this.#reader.second.text === "else" && this.#reader.is("left")) {
      throw this.#reader.mistake(this.#reader.second, `stands twice in one ${kind}`);
    }
    this.#end(kind);
    return nodes;
  }

  /** `{{ end }}`, which the nodes left standing. */
  #end(kind: string): void {
    if (this.#reader.is("end"))
      throw this.#reader.mistake(this.#reader.peek, `comes before the {{ end }} of this ${kind}`);
    this.#reader.expect("left", "{{");
    this.#reader.expect("name", "end");
    this.#reader.expect("right", "}}");
  }

  #leave(kind: "break" | "continue"): TemplateNode {
    const word = this.#reader.take();
    if (this.#scope.ranges === 0) throw this.#reader.mistake(word, "is not inside a range");
    this.#reader.expect("right", "}}");
    return { kind };
  }

  #name(): Token {
    this.#reader.take();
    const name = this.#reader.take();
    if (name.kind !== "string") throw this.#reader.mistake(name, `is not expected here, but a name such as "hosts"`);
    return name;
  }

  #template(): TemplateNode {
    const name = this.#name();
    this.#shared.called.push(name);
    const isBare = this.#reader.skip("right", "}}");
    return { kind: "template", name: name.text, expr: isBare ? undefined : this.#pipelines.passed() };
  }

  #define(isTop: boolean): void {
    if (!isTop) throw this.#reader.mistake(this.#reader.peek, "stands inside another action; put it first");
    const name = this.#name();
    this.#reader.expect("right", "}}");
    this.#add(
      name,
      this.#reader.nested(() => new BodyParser(this.#shared, new Scope(false)).body("define")),
    );
  }

  #block(): TemplateNode {
    const name = this.#name();
    const expr = this.#pipelines.passed();
    this.#add(
      name,
      this.#reader.nested(() => new BodyParser(this.#shared, new Scope(false)).body("block")),
    );
    return { kind: "template", name: name.text, expr };
  }

  /** An empty template gives way to any other of its name. */
  #add(name: Token, body: TemplateBody): void {
    const before = this.#shared.templates.get(name.text);
    if (before === undefined || isEmpty(before)) this.#shared.templates.set(name.text, body);
    else if (!isEmpty(body)) throw this.#reader.mistake(name, "is a template defined twice");
  }
}

const isEmpty = ({ nodes }: TemplateBody): boolean =>
  nodes.every((node) => node.kind === "text" && node.text.trim() === "");
