import type { SyntaxNode } from "@lezer/common";
import { type Expr, typeOf } from "./ast.ts";
import { readNames } from "./build-aggregation.ts";
import { type Builder, TYPE_NAMES } from "./builder.ts";
import { PromqlError, type Span, unsupported } from "./error.ts";
import { type MatchingClause, matching, PLAIN } from "./grouping.ts";
import { type BinaryOp, isArithmetic, isComparison, isSetOp } from "./operators.ts";
import { childOf, childrenOf } from "./syntax.ts";

/** Builds a binary operation: operand types, `bool` and the matching clause checked. */
export function buildBinary(node: SyntaxNode, builder: Builder): Expr {
  const children = childrenOf(node);
  const [leftNode, operator] = children;
  const rightNode = children[children.length - 1]!;
  // The grammar takes the sign of a number with it: it reads -1 ^ 2 as (-1) ^ 2. A power binds tighter than a sign.
  if (
    operator!.name === "Pow" &&
    leftNode!.name === "NumberDurationLiteral" &&
    /^[+-]/.test(builder.slice(leftNode!))
  ) {
    const number = builder.build(leftNode!) as Expr & { kind: "number" };
    const from = leftNode!.from + (/[^+\-\s]/.exec(builder.slice(leftNode!))?.index ?? 0);
    const base: Expr = { ...number, from, value: Math.abs(number.value) };
    const power = operation(node, base, builder.build(rightNode), builder);
    return builder.signed(builder.slice(leftNode!)[0]!, power, node);
  }
  return operation(node, builder.build(leftNode!), builder.build(rightNode), builder);
}

function operation(node: SyntaxNode, left: Expr, right: Expr, builder: Builder): Expr {
  const operator = childrenOf(node)[1]!;
  const op = builder.slice(operator).toLowerCase();
  const fill = childOf(node, "FillModifier");
  if (fill) throw unsupported("The fill modifier", fill);
  if (!isArithmetic(op) && !isComparison(op) && !isSetOp(op)) throw unsupported(`Operator ${op}`, operator);
  for (const operand of [left, right]) {
    const type = typeOf(operand);
    if (type === "scalar" || type === "vector") continue;
    throw new PromqlError(`Cannot apply ${op} to ${TYPE_NAMES[type]}: expected a scalar or an instant vector`, operand);
  }
  const bool = childOf(node, "BoolModifier");
  if (bool && !isComparison(op)) {
    throw new PromqlError(`Cannot apply bool to ${op}: expected a comparison, for example ==`, bool);
  }
  return typed(op, bool !== undefined, left, right, readClause(node, op, left, right, builder), {
    from: startOf(node, left),
    to: Math.max(node.to, right.to),
  });
}

/** A sign in front of the first operand is not part of a power. */
const startOf = (node: SyntaxNode, left: Expr): number =>
  node.firstChild!.name === "NumberDurationLiteral" ? left.from : node.from;

function typed(
  op: BinaryOp,
  bool: boolean,
  left: Expr,
  right: Expr,
  clause: MatchingClause | undefined,
  span: Span,
): Expr {
  const common = { ...span, left, right };
  if (isSetOp(op)) return { kind: "set", op, ...common, matching: matching(clause ?? PLAIN, "kept") };
  const vectors = typeOf(left) === "vector" && typeOf(right) === "vector";
  if (isArithmetic(op)) {
    return { kind: "arithmetic", op, ...common, ...(vectors && { matching: matching(clause ?? PLAIN, "first") }) };
  }
  if (!bool && typeOf(left) === "scalar" && typeOf(right) === "scalar") {
    throw new PromqlError(`Cannot filter a scalar with ${op}: expected the bool modifier, ${op} bool`, span);
  }
  const name = bool ? "last" : "kept";
  return { kind: "comparison", op, bool, ...common, ...(vectors && { matching: matching(clause ?? PLAIN, name) }) };
}

/** Reads `on`/`ignoring` and `group_left`/`group_right`; undefined where nothing is written. */
function readClause(
  node: SyntaxNode,
  op: BinaryOp,
  left: Expr,
  right: Expr,
  builder: Builder,
): MatchingClause | undefined {
  const vectors = typeOf(left) === "vector" && typeOf(right) === "vector";
  if (isSetOp(op) && !vectors) {
    throw new PromqlError(`Cannot apply ${op} to a scalar: expected an instant vector on both sides`, node);
  }
  const written = childOf(node, "MatchingModifierClause");
  if (!written) return undefined;
  if (!vectors) throw new PromqlError("Cannot match labels of a scalar: on and ignoring need two vectors", written);
  const [names, include] = childrenOf(written).filter((child) => child.name === "GroupingLabels");
  const groupLeft = childOf(written, "GroupLeft");
  const group = groupLeft ?? childOf(written, "GroupRight");
  if (group && isSetOp(op)) {
    throw new PromqlError(`Cannot use ${builder.slice(group)} with ${op}: a set operator matches many to many`, group);
  }
  const clause: MatchingClause = {
    on: childOf(written, "On") !== undefined,
    names: readNames(names!, builder),
    cardinality: group ? (groupLeft ? "many-to-one" : "one-to-many") : "one-to-one",
    include: include ? readNames(include, builder) : [],
  };
  const twice = clause.on ? clause.include.find((name) => clause.names.includes(name)) : undefined;
  if (twice !== undefined) {
    throw new PromqlError(`Cannot include label ${JSON.stringify(twice)}: on already names it`, include!);
  }
  return clause;
}
