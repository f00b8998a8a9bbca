import { Labels } from "../../series/labels.ts";
import type { Branches, TemplateBody, TemplateExpr, TemplateNode } from "./ast.ts";
import { field } from "./fields.ts";
import { printValue } from "./print.ts";
import type { RunContext } from "./run-context.ts";
import { bounded, Dict, isTrue, List, Named, typeName, type Value } from "./values.ts";

/** What one expansion may do; a range within a range multiplies. */
const MAX = { step: 100_000, query: 20 } as const;
/** Templates may call each other and themselves this deep, as nodes within nodes count. */
const MAX_DEPTH = 500;
/** Characters of arguments that count as a step. */
const TEXT_STEP = 64;

/** What runs a list of nodes stopped for: its end, or an action of the range around it. */
type Outcome = "end" | "break" | "continue";

/** One expansion of a template. */
export class Expansion {
  readonly #templates: ReadonlyMap<string, TemplateBody>;
  readonly #run: RunContext;
  readonly #done = { step: 0, query: 0 };
  #slots: (Value | undefined)[] = [];
  #dot: Value = null;
  #out = "";
  #depth = 0;

  constructor(templates: ReadonlyMap<string, TemplateBody>, context: Omit<RunContext, "count">) {
    this.#templates = templates;
    this.#run = { ...context, count: (what, n) => this.#count(what, n) };
  }

  /**
   * The text of a template whose first variables and whose dot are given.
   * @throws RangeError where Go's execution would fail, or where the output or the work pass their bound
   */
  text(body: TemplateBody, variables: readonly Value[], dot: Value): string {
    this.#call(body, variables, dot);
    return this.#out;
  }

  #count(what: "query" | "step", n: number): void {
    this.#done[what] += n;
    if (this.#done[what] <= MAX[what]) return;
    throw new RangeError(
      what === "step"
        ? `Cannot expand template: it takes more than ${MAX.step} steps`
        : `Cannot expand template: it asks more than ${MAX.query} queries`,
    );
  }

  #call(body: TemplateBody, variables: readonly Value[], dot: Value): void {
    const before = this.#slots;
    this.#slots = [...variables, ...new Array<undefined>(body.slots - variables.length)];
    this.#inside(dot, body.nodes);
    this.#slots = before;
  }

  #inside(dot: Value, nodes: readonly TemplateNode[]): Outcome {
    const before = this.#dot;
    this.#dot = dot;
    const outcome = this.#nodes(nodes);
    this.#dot = before;
    return outcome;
  }

  #nodes(nodes: readonly TemplateNode[]): Outcome {
    if (++this.#depth > MAX_DEPTH)
      throw new RangeError(`Cannot expand template: nested deeper than ${MAX_DEPTH} levels`);
    let outcome: Outcome = "end";
    for (const node of nodes) {
      outcome = this.#node(node);
      if (outcome !== "end") break;
    }
    this.#depth--;
    return outcome;
  }

  #node(node: TemplateNode): Outcome {
    this.#count("step", 1);
    switch (node.kind) {
      case "text":
        this.#out = bounded(this.#out + node.text);
        return "end";
      case "output": {
        const value = this.#value(node.expr);
        if (node.expr.kind !== "set" || node.expr.isShown) this.#out = bounded(this.#out + printValue(value));
        return "end";
      }
      case "if":
        return this.#nodes(isTrue(this.#value(node.expr)) ? node.body : node.otherwise);
      case "with": {
        const value = this.#value(node.expr);
        return isTrue(value) ? this.#inside(value, node.body) : this.#nodes(node.otherwise);
      }
      case "range":
        return this.#range(node);
      case "template":
        this.#template(node.name, node.expr === undefined ? null : this.#value(node.expr));
        return "end";
      default:
        return node.kind;
    }
  }

  #template(name: string, dot: Value): void {
    // The parser lets no name pass that is not defined.
    this.#call(this.#templates.get(name)!, [dot], dot);
  }

  #range(node: Branches & { readonly key: number | undefined; readonly value: number | undefined }): Outcome {
    const over = this.#value(node.expr);
    // Until the first round, and in the else, the variables are what is gone through.
    for (const slot of [node.key, node.value]) if (slot !== undefined) this.#slots[slot] = over;
    let isEmpty = true;
    for (const [key, value] of entriesOf(over, node.key !== undefined)) {
      isEmpty = false;
      this.#count("step", 1);
      if (node.key !== undefined) this.#slots[node.key] = key;
      if (node.value !== undefined) this.#slots[node.value] = value;
      if (this.#inside(value, node.body) === "break") break;
    }
    // A break in the else is this range's too, a continue the next one's around it.
    return isEmpty && this.#nodes(node.otherwise) === "continue" ? "continue" : "end";
  }

  #value(expr: TemplateExpr): Value {
    this.#count("step", 1);
    switch (expr.kind) {
      case "literal":
        return expr.value;
      case "dot":
        return this.#dot;
      case "variable": {
        const value = this.#slots[expr.slot];
        if (value === undefined) throw new RangeError(`Cannot read ${expr.name}: nothing was assigned to it`);
        return value;
      }
      case "set": {
        const value = this.#value(expr.expr);
        this.#slots[expr.slot] = value;
        return value;
      }
      case "field":
        return this.#chain(this.#value(expr.of), expr.names, this.#values(expr.args));
      case "logic":
        return this.#logic(expr.args, expr.stopsAt);
      case "call": {
        const args = this.#values(expr.args);
        for (const arg of args) if (typeof arg === "string") this.#count("step", Math.floor(arg.length / TEXT_STEP));
        const result = expr.call(args, this.#run);
        return typeof result === "string" ? bounded(result) : result;
      }
    }
  }

  #chain(of: Value, names: readonly string[], args: readonly Value[]): Value {
    let value = of;
    for (const [i, name] of names.entries()) {
      this.#count("step", 1);
      const next = field(value, name, i === names.length - 1 ? args : []);
      // Go takes anything of a nil for nil, but not a nil found on the way.
      if (next === null && value !== null && i < names.length - 1)
        throw new RangeError(`Cannot read .${names[i + 1]} of nil`);
      value = next;
    }
    return value;
  }

  #values(exprs: readonly TemplateExpr[]): Value[] {
    return exprs.map((expr) => this.#value(expr));
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

/** What `range` goes through: maps in the order of their keys, lists with their indexes, the numbers below an int. */
function* entriesOf(over: Value, wantsKey: boolean): Iterable<readonly [key: Value, value: Value]> {
  const int = over instanceof Named ? over.value : over;
  if (over instanceof Labels) yield* over.pairs;
  else if (over instanceof Dict) yield* over.entries;
  else if (over instanceof List) for (const [i, item] of over.items.entries()) yield [BigInt(i), item];
  else if (typeof int === "bigint") {
    if (wantsKey) throw new RangeError("Cannot range over an int with two variables");
    for (let i = 0n; i < int; i++) yield [null, i];
  } else if (over !== null) throw new RangeError(`Cannot range over ${typeName(over)}`);
}
