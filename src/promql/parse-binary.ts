import { type Expr, typeOf } from "./ast.ts";
import { PromqlError, type Span, UnsupportedError } from "./error.ts";
import { type MatchingClause, matching, PLAIN } from "./grouping.ts";
import { type BinaryOp, isArithmetic, isComparison, isSetOp } from "./operators.ts";
import { parseLabelNames } from "./parse-selector.ts";
import type { Tokens } from "./tokens.ts";
import { TYPE_NAMES } from "./type-names.ts";

/** An operator and where it stands. */
export interface Operator extends Span {
  readonly op: BinaryOp;
}

/** What is written between an operator and its right side. */
export interface Modifiers {
  readonly bool: Span | undefined;
  readonly clause: (MatchingClause & Span) | undefined;
}

/** Reads `bool`, `on (…)` or `ignoring (…)`, `group_left (…)` or `group_right (…)`, where they are given. */
export function parseModifiers(tokens: Tokens, { op }: Operator): Modifiers {
  const bool = tokens.keyword() === "bool" ? tokens.next() : undefined;
  if (bool && !isComparison(op)) {
    throw new PromqlError(`Cannot apply bool to ${op}: expected a comparison, for example ==`, bool);
  }
  const clause = parseClause(tokens, op);
  if (/^fill(?:_left|_right)?$/.test(tokens.keyword() ?? "") && tokens.isSign("(", 1)) {
    throw new UnsupportedError("The fill modifier", "experimental", tokens.peek());
  }
  return { bool, clause };
}

function parseClause(tokens: Tokens, op: BinaryOp): (MatchingClause & Span) | undefined {
  const word = tokens.keyword();
  if (word !== "on" && word !== "ignoring") return undefined;
  const { from } = tokens.next();
  const names = parseLabelNames(tokens);
  const on = word === "on";
  const group = tokens.keyword();
  if (group !== "group_left" && group !== "group_right") {
    return { from, to: tokens.end, on, names, cardinality: "one-to-one", include: [] };
  }
  const token = tokens.next();
  if (isSetOp(op)) {
    throw new PromqlError(`Cannot use ${group} with ${op}: a set operator matches many to many`, token);
  }
  const listed = tokens.peek().from;
  const include = tokens.isSign("(") ? parseLabelNames(tokens) : [];
  const twice = on ? include.find((name) => names.includes(name)) : undefined;
  if (twice !== undefined) {
    const span = { from: listed, to: tokens.end };
    throw new PromqlError(`Cannot include label ${JSON.stringify(twice)}: on already names it`, span);
  }
  const cardinality = group === "group_left" ? "many-to-one" : "one-to-many";
  return { from, to: tokens.end, on, names, cardinality, include };
}

/** Makes a binary operation: operand types, `bool` and the matching clause checked. */
export function makeBinary({ op }: Operator, { bool, clause }: Modifiers, left: Expr, right: Expr, span: Span): Expr {
  for (const operand of [left, right]) {
    const type = typeOf(operand);
    if (type === "scalar" || type === "vector") continue;
    throw new PromqlError(`Cannot apply ${op} to ${TYPE_NAMES[type]}: expected a scalar or an instant vector`, operand);
  }
  const vectors = typeOf(left) === "vector" && typeOf(right) === "vector";
  if (isSetOp(op) && !vectors) {
    throw new PromqlError(`Cannot apply ${op} to a scalar: expected an instant vector on both sides`, span);
  }
  if (clause && !vectors && clause.names.length > 0) {
    throw new PromqlError("Cannot match labels of a scalar: on and ignoring need two vectors", clause);
  }
  const common = { ...span, left, right };
  const matched = clause ?? PLAIN;
  if (isSetOp(op)) return { kind: "set", op, ...common, matching: matching(matched, "kept") };
  if (isArithmetic(op)) {
    return { kind: "arithmetic", op, ...common, ...(vectors && { matching: matching(matched, "first") }) };
  }
  if (!bool && typeOf(left) === "scalar" && typeOf(right) === "scalar") {
    throw new PromqlError(`Cannot filter a scalar with ${op}: expected the bool modifier, ${op} bool`, span);
  }
  const fate = bool ? "last" : "kept";
  const join = vectors && { matching: matching(matched, fate) };
  return { kind: "comparison", op, bool: bool !== undefined, ...common, ...join };
}
