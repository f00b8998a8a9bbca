import { Labels } from "../series/labels.ts";
import type { Branches, Pipeline, TemplateExpr, TemplateNode, Value } from "./template-ast.ts";
import { bounded, isTrue, printValue, typeName } from "./template-values.ts";

/** Nodes one expansion may visit; a range within a range multiplies. */
const MAX_STEPS = 100_000;

/** One expansion of a template. */
export class Expansion {
  readonly #data: readonly Value[];
  readonly #slots: Value[];
  #dot: Value = "";
  #out = "";
  #steps = 0;

  /** `data` in the order of DATA_FIELDS; `slots` as the parser counted them. */
  constructor(data: readonly Value[], slots: number) {
    this.#data = data;
    this.#slots = [...data, ...new Array<Value>(slots - data.length).fill("")];
  }

  /** @throws RangeError where Go's execution would fail, or where the output or the steps pass their bound. */
  run(nodes: readonly TemplateNode[]): string {
    this.#nodes(nodes);
    return this.#out;
  }

  #nodes(nodes: readonly TemplateNode[]): void {
    for (const node of nodes) this.#node(node);
  }

  #step(): void {
    if (++this.#steps > MAX_STEPS)
      throw new RangeError(`Cannot expand template: it takes more than ${MAX_STEPS} steps`);
  }

  #node(node: TemplateNode): void {
    this.#step();
    if (node.kind === "text") this.#out = bounded(this.#out + node.text);
    else if (node.kind === "output") {
      const value = this.#pipeline(node.pipeline);
      if (node.pipeline.slot === undefined) this.#out = bounded(this.#out + printValue(value));
    } else if (node.kind === "if") {
      this.#nodes(isTrue(this.#pipeline(node.pipeline)) ? node.body : node.otherwise);
    } else if (node.kind === "with") this.#with(node);
    else this.#range(node);
  }

  #with(node: Branches): void {
    const value = this.#pipeline(node.pipeline);
    if (isTrue(value)) this.#inside(value, node.body);
    else this.#nodes(node.otherwise);
  }

  #range(node: Branches & { readonly key: number | undefined; readonly value: number | undefined }): void {
    const over = this.#pipeline(node.pipeline);
    if (!(over instanceof Labels)) throw new RangeError(`Cannot range over ${typeName(over)}: expected labels`);
    if (over.pairs.length === 0) this.#nodes(node.otherwise);
    for (const [name, value] of over.pairs) {
      if (node.key !== undefined) this.#slots[node.key] = name;
      if (node.value !== undefined) this.#slots[node.value] = value;
      this.#inside(value, node.body);
    }
  }

  #inside(dot: Value, body: readonly TemplateNode[]): void {
    const before = this.#dot;
    this.#dot = dot;
    this.#nodes(body);
    this.#dot = before;
  }

  #pipeline({ slot, expr }: Pipeline): Value {
    const value = this.#value(expr);
    if (slot !== undefined) this.#slots[slot] = value;
    return value;
  }

  #value(expr: TemplateExpr): Value {
    this.#step();
    switch (expr.kind) {
      case "literal":
        return expr.value;
      case "dot":
        return this.#dot;
      case "data":
        return this.#data[expr.index]!;
      case "variable":
        return this.#slots[expr.slot]!;
      case "field":
        return field(this.#value(expr.of), expr.name);
      case "logic":
        return this.#logic(expr.args, expr.stopsAt);
      case "call": {
        const result = expr.call(expr.args.map((arg) => this.#value(arg)));
        return typeof result === "string" ? bounded(result) : result;
      }
    }
  }

  /** The first argument that settles an `and` or `or`, or the last one. */
  #logic(args: readonly TemplateExpr[], stopsAt: boolean): Value {
    let value: Value = false;
    for (const arg of args) {
      value = this.#value(arg);
      if (isTrue(value) === stopsAt) break;
    }
    return value;
  }
}

function field(of: Value, name: string): Value {
  if (of instanceof Labels) return of.get(name) ?? "";
  throw new RangeError(`Cannot read .${name} of ${typeName(of)}: expected labels`);
}
