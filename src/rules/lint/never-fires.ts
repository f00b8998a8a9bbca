import type { Expr } from "../../promql/ast.ts";
import { typeOf } from "../../promql/ast.ts";
import { COMPARISON } from "../../promql/operators.ts";
import type { Detect } from "../types.ts";
import { alwaysExists } from "./always-exists.ts";
import { impossibleBounds } from "./bounds.ts";
import { constantOf } from "./constants.ts";
import type { KnownSeries } from "./known-series.ts";
import { perAlert, type Remark } from "./lint.ts";

/** A rule that gives nothing whatever happens: it looks like protection and is none. */
export const neverFires = perAlert(
  "never-fires",
  "warning",
  "A condition can never hold: a false constant, bounds that contradict, absent() of what is always there.",
  function* ({ condition }, _placed, { series }) {
    if (condition.kind === "detect") yield* ofDetect(condition.detect);
    else {
      const why = whyNever(condition.tree, condition.text, series);
      if (why !== undefined)
        yield { at: ["expr"], from: why.at.from, to: why.at.to, message: `it never fires: ${why.why}` };
    }
  },
);

interface Never {
  readonly at: Expr;
  readonly why: string;
}

/** Why an expression gives nothing; undefined where it may give something. */
function whyNever(expr: Expr, text: string, series: KnownSeries): Never | undefined {
  const never = (child: Expr): Never | undefined => whyNever(child, text, series);
  switch (expr.kind) {
    case "comparison":
    case "set": {
      const [left, right] = [never(expr.left), never(expr.right)];
      if (expr.kind === "set" && expr.op === "or") return left && right && left;
      if (expr.kind === "set" && expr.op === "unless") return left;
      return left ?? right ?? ofCondition(expr, text, series);
    }
    case "arithmetic":
      return never(expr.left) ?? never(expr.right);
    case "negation":
    case "aggregation":
      return never(expr.operand);
    case "call":
      if (expr.fn.name === "absent" || expr.fn.name === "absent_over_time") {
        const [arg] = expr.args;
        return arg && alwaysExists(arg) ? { at: expr, why: "its argument is always there" } : undefined;
      }
      return expr.fn.name === "vector" || expr.args.length !== 1 ? undefined : never(expr.args[0]!);
    default:
      return undefined;
  }
}

function ofCondition(
  expr: Expr & { readonly kind: "comparison" | "set" },
  text: string,
  series: KnownSeries,
): Never | undefined {
  if (expr.kind === "comparison") {
    if (expr.bool || typeOf(expr) === "scalar") return undefined;
    const [a, b] = [constantOf(expr.left), constantOf(expr.right)];
    if (a !== undefined && b !== undefined) {
      return COMPARISON[expr.op](a, b) ? undefined : { at: expr, why: `${a} ${expr.op} ${b} is false` };
    }
  }
  const why = impossibleBounds(expr, text, series);
  return why === undefined ? undefined : { at: expr, why };
}

function* ofDetect({ signal, direction, detector, fire, learning }: Detect): Iterable<Remark> {
  if (signal.kind === "models") return;
  if (signal.kind === "ratio" && fire.above >= 1) {
    yield { at: ["detect", "fire", "above"], message: `it never fires: a ratio is never above ${fire.above}` };
  } else if (signal.kind === "ratio" && learning.above >= 1) {
    const message = `it never fires while it learns: a ratio is never above ${learning.above}`;
    yield { at: ["detect", "learning", "above"], message };
  }
  if (fire.below === 0 && signal.kind !== "level") {
    yield { at: ["detect", "fire", "below"], message: `it never fires: a ${signal.kind} is never below 0` };
  }
  if ((detector === "backlog" || detector === "gauge") && direction === "down") {
    yield { at: ["detect", "direction"], message: `it never fires: a ${detector} is found when it grows; expected up` };
  }
}
