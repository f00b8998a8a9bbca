import type { Matcher } from "../series/matchers.ts";
import type { DurationMs } from "../series/time.ts";
import type { Span } from "./error.ts";
import type { PromqlFunction, ValueType } from "./functions/function.ts";
import type { Grouping, Matching } from "./grouping.ts";
import type { ArithmeticOp, ComparisonOp, SetOp } from "./operators.ts";

/** A checked expression: every node has the types its parent expects, every function and regular expression is resolved. */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | RangeSelector
  | Negation
  | Arithmetic
  | Comparison
  | SetOperation
  | Aggregation
  | Call;

interface NumberLiteral extends Span {
  readonly kind: "number";
  readonly value: number;
}

interface StringLiteral extends Span {
  readonly kind: "string";
  readonly value: string;
}

/** The newest sample of each series; `matchers` stays the same array, so a source may remember what it selected. */
export interface VectorSelector extends Span {
  readonly kind: "selector";
  readonly matchers: readonly Matcher[];
  /** How far before the evaluation time to look; negative looks ahead. */
  readonly offset: DurationMs;
}

/** The samples of each series in a window that ends `offset` before the evaluation time. */
export interface RangeSelector extends Span {
  readonly kind: "range";
  readonly matchers: readonly Matcher[];
  readonly offset: DurationMs;
  readonly range: DurationMs;
}

interface Negation extends Span {
  readonly kind: "negation";
  readonly operand: Expr;
}

interface Binary extends Span {
  readonly left: Expr;
  readonly right: Expr;
}

/** `matching` says which elements meet; it is there exactly where both sides are vectors. */
export interface Arithmetic extends Binary {
  readonly kind: "arithmetic";
  readonly op: ArithmeticOp;
  readonly matching?: Matching;
}

/** Filters by the comparison, or with `bool` answers 0 or 1. */
export interface Comparison extends Binary {
  readonly kind: "comparison";
  readonly op: ComparisonOp;
  readonly bool: boolean;
  readonly matching?: Matching;
}

interface SetOperation extends Binary {
  readonly kind: "set";
  readonly op: SetOp;
  readonly matching: Matching;
}

const AGGREGATIONS = ["sum", "min", "max", "count", "avg", "group", "stddev", "stdvar"] as const;
/** An aggregation by its lower-case name. */
export type AggregationOp = (typeof AGGREGATIONS)[number];

/** Whether a word, in lower case, is an aggregation we know. */
export const isAggregation = (op: string): op is AggregationOp => (AGGREGATIONS as readonly string[]).includes(op);

/** One element a group; see `Grouping`. */
export interface Aggregation extends Span {
  readonly kind: "aggregation";
  readonly op: AggregationOp;
  readonly grouping: Grouping;
  readonly operand: Expr;
}

/** A call of a known function with as many arguments, and of the types, it asks for. */
export interface Call extends Span {
  readonly kind: "call";
  readonly fn: PromqlFunction;
  readonly args: readonly Expr[];
}

/** What an expression evaluates to, told without evaluating it. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case "number":
      return "scalar";
    case "string":
    case "range":
      return expr.kind;
    case "selector":
    case "set":
    case "aggregation":
      return "vector";
    case "negation":
      return typeOf(expr.operand);
    case "arithmetic":
    case "comparison":
      return typeOf(expr.left) === "scalar" && typeOf(expr.right) === "scalar" ? "scalar" : "vector";
    case "call":
      return expr.fn.returns;
  }
}

/** The expressions an expression is made of. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "number":
    case "string":
    case "selector":
    case "range":
      return [];
    case "negation":
    case "aggregation":
      return [expr.operand];
    case "arithmetic":
    case "comparison":
    case "set":
      return [expr.left, expr.right];
    case "call":
      return expr.args;
  }
}
