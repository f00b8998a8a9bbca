import type { Expr } from "../../promql/ast.ts";
import { ARITHMETIC, COMPARISON } from "../../promql/operators.ts";

/** The value of an expression that reads nothing; undefined where it reads something. */
export function constantOf(expr: Expr): number | undefined {
  switch (expr.kind) {
    case "number":
      return expr.value;
    case "negation": {
      const inner = constantOf(expr.operand);
      return inner === undefined ? undefined : -inner;
    }
    case "call":
      return expr.fn.name === "vector" && expr.args[0] ? constantOf(expr.args[0]) : undefined;
    case "arithmetic":
    case "comparison": {
      const [a, b] = [constantOf(expr.left), constantOf(expr.right)];
      if (a === undefined || b === undefined) return undefined;
      if (expr.kind === "arithmetic") return ARITHMETIC[expr.op](a, b);
      return expr.bool ? Number(COMPARISON[expr.op](a, b)) : undefined;
    }
    default:
      return undefined;
  }
}
