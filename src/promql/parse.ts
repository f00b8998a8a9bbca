import type { Matcher } from "../series/matchers.ts";
import { type Expr, typeOf } from "./ast.ts";
import { PromqlError } from "./error.ts";
import { ExpressionParser } from "./parser.ts";
import { Tokens } from "./tokens.ts";

export { PromqlError };

/**
 * Parses and checks an expression of any type. What Prometheus knows and this evaluator does not is refused here, by name.
 * @throws PromqlError at the first mistake.
 */
export function parseQuery(text: string): Expr {
  const tokens = new Tokens(text);
  if (tokens.peek().kind === "end") throw new PromqlError("Cannot parse expression: it is empty", tokens.peek());
  const expr = new ExpressionParser(tokens).expression();
  tokens.expect({ kind: "end" });
  return expr;
}

/**
 * Parses and checks the expression of a rule, which may be anything but a range vector.
 * @throws PromqlError at the first mistake.
 */
export function parseExpr(text: string): Expr {
  const expr = parseQuery(text);
  if (typeOf(expr) !== "range") return expr;
  throw new PromqlError("Cannot evaluate a range vector: expected it in a function, for example rate(x[5m])", expr);
}

/**
 * Parses a single vector selector: matchers only, no offset, no range.
 * @throws PromqlError when the text is anything else.
 */
export function parseSelector(text: string): readonly Matcher[] {
  const expr = parseExpr(text);
  const whole = text.slice(expr.from, expr.to) === text.trim();
  if (expr.kind === "selector" && expr.offset === 0 && expr.pinned === undefined && whole) return expr.matchers;
  throw new PromqlError(
    `Cannot parse selector ${JSON.stringify(text)}: expected for example name{label="value"}`,
    expr,
  );
}
