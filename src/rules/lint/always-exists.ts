import type { Expr } from "../../promql/ast.ts";
import { constantOf } from "./constants.ts";

/** Functions that give an element for each of their argument's. */
const KEEPING = new Set(["abs", "ceil", "floor", "round", "sort", "sort_desc"]);

/** Whether an expression gives something at any time, whatever is scraped. */
export function alwaysExists(expr: Expr): boolean {
  if (constantOf(expr) !== undefined) return true;
  switch (expr.kind) {
    case "call":
      if (expr.fn.name === "vector" || expr.fn.name === "time") return true;
      return KEEPING.has(expr.fn.name) && expr.args.every(alwaysExists);
    case "negation":
      return alwaysExists(expr.operand);
    case "aggregation":
      return alwaysExists(expr.operand);
    case "set":
      return expr.op === "or" && (alwaysExists(expr.left) || alwaysExists(expr.right));
    default:
      return false;
  }
}
