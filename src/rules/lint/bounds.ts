import type { Expr } from "../../promql/ast.ts";
import type { ComparisonOp } from "../../promql/operators.ts";
import { metricNameOf } from "../../series/matchers.ts";
import { constantOf } from "./constants.ts";
import type { KnownSeries } from "./known-series.ts";
import { unitOf } from "./units.ts";

/** The values a subject can have. */
interface Interval {
  readonly low: number;
  readonly high: number;
  /** Whether the end itself is out. */
  readonly above: boolean;
  readonly below: boolean;
}

const EVERYTHING: Interval = { low: -Infinity, high: Infinity, above: false, below: false };

const TURNED: Readonly<Record<ComparisonOp, ComparisonOp>> = {
  "==": "==",
  "!=": "!=",
  "<": ">",
  ">": "<",
  "<=": ">=",
  ">=": "<=",
};

/** Why comparisons that must hold together cannot, for one and the same expression; undefined where they can. */
export function impossibleBounds(expr: Expr, text: string, series: KnownSeries): string | undefined {
  const found = new Map<string, Interval>();
  for (const { subject, op, bound } of conditionsOf(expr)) {
    const key = text.slice(subject.from, subject.to).replace(/\s+/g, "");
    const natural = naturalRange(subject, series);
    const known = found.get(key) ?? natural ?? EVERYTHING;
    const range = intersect(known, rangeOf(op, bound));
    if (isEmpty(intersect(natural ?? EVERYTHING, rangeOf(op, bound)))) {
      return `a value from ${natural?.low} to ${natural?.high} is never ${op} ${bound}`;
    }
    if (isEmpty(range)) return `what is asked of ${key} contradicts itself`;
    found.set(key, range);
  }
  return undefined;
}

interface Condition {
  readonly subject: Expr;
  readonly op: ComparisonOp;
  readonly bound: number;
}

/** The comparisons with constants that must all hold. */
function* conditionsOf(expr: Expr): Iterable<Condition> {
  // With labels named, elements of other series may meet.
  if (expr.kind === "set" && expr.op === "and" && !expr.matching.on && expr.matching.names.length === 0) {
    yield* conditionsOf(expr.left);
    yield* conditionsOf(expr.right);
  }
  if (expr.kind !== "comparison" || expr.bool) return;
  const [left, right] = [constantOf(expr.left), constantOf(expr.right)];
  if (right !== undefined) {
    yield* conditionsOf(expr.left);
    yield { subject: compared(expr.left), op: expr.op, bound: right };
  } else if (left !== undefined) {
    yield* conditionsOf(expr.right);
    yield { subject: compared(expr.right), op: TURNED[expr.op], bound: left };
  }
}

/** What a chain of comparisons, `x > 5 < 3`, is about. */
function compared(expr: Expr): Expr {
  if (expr.kind !== "comparison" || expr.bool) return expr;
  if (constantOf(expr.right) !== undefined) return compared(expr.left);
  return constantOf(expr.left) === undefined ? expr : compared(expr.right);
}

/** A share is never above 1, and no count below 0. */
function naturalRange(expr: Expr, series: KnownSeries): Interval | undefined {
  if (unitOf(expr, series) === "ratio") return { ...EVERYTHING, low: 0, high: 1 };
  return isCount(expr, series) ? { ...EVERYTHING, low: 0 } : undefined;
}

function isCount(expr: Expr, series: KnownSeries): boolean {
  if (expr.kind === "selector") return series.facts(metricNameOf(expr.matchers))?.triton === true;
  if (expr.kind === "aggregation" && expr.op === "count") return true;
  if (expr.kind === "aggregation" && ["sum", "min", "max", "avg"].includes(expr.op))
    return isCount(expr.operand, series);
  return expr.kind === "call" && ["rate", "irate", "increase", "resets", "changes"].includes(expr.fn.name);
}

function rangeOf(op: ComparisonOp, bound: number): Interval {
  switch (op) {
    case "==":
      return { ...EVERYTHING, low: bound, high: bound };
    case "!=":
      return EVERYTHING;
    case ">":
    case ">=":
      return { ...EVERYTHING, low: bound, above: op === ">" };
    case "<":
    case "<=":
      return { ...EVERYTHING, high: bound, below: op === "<" };
  }
}

const intersect = (a: Interval, b: Interval): Interval => ({
  low: Math.max(a.low, b.low),
  above: a.low === b.low ? a.above || b.above : a.low > b.low ? a.above : b.above,
  high: Math.min(a.high, b.high),
  below: a.high === b.high ? a.below || b.below : a.high < b.high ? a.below : b.below,
});

const isEmpty = ({ low, high, above, below }: Interval): boolean => low > high || (low === high && (above || below));
