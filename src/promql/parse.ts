import type { SyntaxNode } from "@lezer/common";
import type { Matcher } from "../series/matchers.ts";
import { durationMs } from "../series/time.ts";
import type { Expr } from "./ast.ts";
import { typeOf } from "./ast.ts";
import { buildAggregation } from "./build-aggregation.ts";
import { buildBinary } from "./build-binary.ts";
import { buildCall } from "./build-call.ts";
import { readMatchers, readRange } from "./build-selector.ts";
import { type Builder, TYPE_NAMES } from "./builder.ts";
import { PromqlError, unsupported } from "./error.ts";
import { readNumber, readString } from "./literals.ts";
import { type OffsetModifier, prepare } from "./prepare.ts";
import { childOf, childrenOf, parseSyntax } from "./syntax.ts";

export { PromqlError };

/**
 * Parses and checks an expression. What Prometheus knows and this evaluator does not is refused here, by name.
 * @throws PromqlError at the first mistake.
 */
export function parseExpr(text: string): Expr {
  const prepared = prepare(text);
  const offsets = new Map<number, OffsetModifier>();
  for (const modifier of prepared.offsets) {
    // A second modifier of a selector follows the same token as the first, which is blank by now.
    if (offsets.has(modifier.after)) throw new PromqlError("Cannot apply offset: it is given twice", modifier);
    offsets.set(modifier.after, modifier);
  }
  const expr = new TreeBuilder(text, offsets).build(parseSyntax(prepared, text));
  for (const modifier of offsets.values()) {
    throw new PromqlError(
      "Cannot apply offset: expected it right after a selector, for example x[5m] offset 1h",
      modifier,
    );
  }
  if (typeOf(expr) === "range") {
    throw new PromqlError("Cannot evaluate a range vector: expected it in a function, for example rate(x[5m])", expr);
  }
  return expr;
}

/**
 * Parses a single vector selector: matchers only, no offset, no range.
 * @throws PromqlError when the text is anything else.
 */
export function parseSelector(text: string): readonly Matcher[] {
  const expr = parseExpr(text);
  const whole = text.slice(expr.from, expr.to) === text.trim();
  if (expr.kind === "selector" && expr.offset === 0 && whole) return expr.matchers;
  throw new PromqlError(
    `Cannot parse selector ${JSON.stringify(text)}: expected for example name{label="value"}`,
    expr,
  );
}

const REFUSED: ReadonlyMap<string, string> = new Map([
  ["SubqueryExpr", "A subquery"],
  ["StepInvariantExpr", "The @ modifier"],
  ["AnchoredExpr", "The anchored modifier"],
  ["SmoothedExpr", "The smoothed modifier"],
]);

/** Turns the grammar's tree into an expression, checking types on the way up. */
class TreeBuilder implements Builder {
  readonly text: string;
  /** Offsets by the end of the token before them; each is taken out by the selector it belongs to. */
  readonly #offsets: Map<number, OffsetModifier>;

  constructor(text: string, offsets: Map<number, OffsetModifier>) {
    this.text = text;
    this.#offsets = offsets;
  }

  build(node: SyntaxNode): Expr {
    const { from, to } = node;
    switch (node.name) {
      case "NumberDurationLiteral":
        return this.#number(node);
      case "StringLiteral":
        return { kind: "string", from, to, value: readString(this.slice(node), node) };
      case "VectorSelector":
        return { kind: "selector", ...this.#placed(node), matchers: readMatchers(node, this.text) };
      case "MatrixSelector":
        return this.#range(node);
      case "ParenExpr":
        return this.build(childrenOf(node)[0]!);
      case "UnaryExpr":
        return this.#unary(node);
      case "BinaryExpr":
        return buildBinary(node, this);
      case "AggregateExpr":
        return buildAggregation(node, this);
      case "FunctionCall":
        return buildCall(node, this);
      default:
        throw unsupported(REFUSED.get(node.name) ?? node.name, node);
    }
  }

  slice(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  #number(node: SyntaxNode): Expr {
    const written = this.slice(node).replace(/#[^\n]*|\s+/g, "");
    const sign = written.startsWith("-") ? -1 : 1;
    const { from, to } = node;
    return { kind: "number", from, to, value: sign * readNumber(written.replace(/^[+-]/, ""), node) };
  }

  #range(node: SyntaxNode): Expr {
    const [selector, duration] = childrenOf(node);
    if (selector!.name !== "VectorSelector") {
      throw new PromqlError("Cannot take a range of this: expected a selector before [, for example x[5m]", node);
    }
    const misplaced = this.#offsets.get(selector!.to);
    if (misplaced) throw new PromqlError("Cannot apply offset: expected it after the range", misplaced);
    const range = readRange(duration!, this.text);
    return { kind: "range", ...this.#placed(node), matchers: readMatchers(selector!, this.text), range };
  }

  /** Where a selector stands, and how far it is offset. */
  #placed(node: SyntaxNode) {
    const modifier = this.#offsets.get(node.to);
    if (modifier) this.#offsets.delete(node.to);
    return { from: node.from, to: modifier?.to ?? node.to, offset: modifier?.offset ?? durationMs(0) };
  }

  #unary(node: SyntaxNode): Expr {
    const operand = this.build(childrenOf(node)[1]!);
    return this.signed(this.slice(childOf(node, "UnaryOp")!), operand, node);
  }

  signed(sign: string, operand: Expr, node: SyntaxNode): Expr {
    const type = typeOf(operand);
    if (type !== "scalar" && type !== "vector") {
      throw new PromqlError(
        `Cannot apply ${sign} to ${TYPE_NAMES[type]}: expected a scalar or an instant vector`,
        operand,
      );
    }
    if (sign === "+") return operand;
    const span = { from: node.from, to: Math.max(node.to, operand.to) };
    // The grammar is of two minds about a sign before a number; the tree is not.
    if (operand.kind === "number") return { ...operand, ...span, value: -operand.value };
    return { kind: "negation", ...span, operand };
  }
}
