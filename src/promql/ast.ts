import type { Labels } from "../series/labels.ts";
import type { Matcher } from "../series/matchers.ts";
import type { DurationMs, EpochMs } from "../series/time.ts";
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
  | Subquery
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

/** What has a place in time of its own: that of the evaluation, or the one `@` names, less its offset. */
export interface Placed extends Span {
  /** How far before that time to look; negative looks ahead. */
  readonly offset: DurationMs;
  /** The time after `@`; `start` and `end` are those of the whole query. */
  readonly pinned?: EpochMs | "start" | "end";
}

/** The newest sample of each series; `matchers` stays the same array, so a source may remember what it selected. */
export interface VectorSelector extends Placed {
  readonly kind: "selector";
  readonly matchers: readonly Matcher[];
}

/** The samples of each series in a window. */
export interface RangeSelector extends Placed {
  readonly kind: "range";
  readonly matchers: readonly Matcher[];
  readonly range: DurationMs;
}

/** The values of a vector at every multiple of `step` in a window, as if they were samples. */
export interface Subquery extends Placed {
  readonly kind: "subquery";
  readonly operand: Expr;
  readonly range: DurationMs;
  /** Whatever the evaluation has as default where it is not given. */
  readonly step?: DurationMs;
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
const PARAMETRIC = ["topk", "bottomk", "quantile", "count_values"] as const;
/** An aggregation without a parameter, by its lower-case name. */
export type SimpleAggregationOp = (typeof AGGREGATIONS)[number];
/** An aggregation by its lower-case name. */
export type AggregationOp = SimpleAggregationOp | (typeof PARAMETRIC)[number];

/** Whether an aggregation takes a parameter before its vector. */
export const isParametric = (op: AggregationOp): op is (typeof PARAMETRIC)[number] =>
  (PARAMETRIC as readonly string[]).includes(op);

/** Whether a word, in lower case, is an aggregation we know. */
export const isAggregation = (op: string): op is AggregationOp =>
  ([...AGGREGATIONS, ...PARAMETRIC] as readonly string[]).includes(op);

/** One element a group, or for `topk` and `bottomk` some of its elements; see `Grouping`. */
export interface Aggregation extends Span {
  readonly kind: "aggregation";
  readonly op: AggregationOp;
  readonly grouping: Grouping;
  /** A scalar, or for `count_values` the label that takes the values. */
  readonly parameter?: Expr;
  readonly operand: Expr;
}

/** A call of a known function with as many arguments, and of the types, it asks for. */
export interface Call extends Span {
  readonly kind: "call";
  readonly fn: PromqlFunction;
  readonly args: readonly Expr[];
  /** What `label_replace` and `label_join` make of a label set. */
  readonly relabel?: (labels: Labels) => Labels;
}

/** What an expression evaluates to, told without evaluating it. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case "number":
      return "scalar";
    case "string":
      return "string";
    case "range":
    case "subquery":
      return "range";
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
    case "subquery":
      return [expr.operand];
    case "aggregation":
      return expr.parameter ? [expr.parameter, expr.operand] : [expr.operand];
    case "arithmetic":
    case "comparison":
    case "set":
      return [expr.left, expr.right];
    case "call":
      return expr.args;
  }
}
