import type { Expr } from "../promql/ast.ts";
import { PromqlError } from "../promql/error.ts";
import { evaluate } from "../promql/evaluate.ts";
import { parseExpr } from "../promql/parse.ts";
import type { TemplateQuery } from "../rules/template/run-context.ts";
import { Labels } from "../series/labels.ts";
import type { World } from "./world.ts";

/** Parsed queries kept; a template that makes up others each time must not fill the memory. */
const MOST_PARSED = 500;

const parsed = new Map<string, Expr>();

/** What the function `query` of templates asks: the samples in memory, at the moment of the evaluation. */
export function templateQuery({ store, options: { evaluation } }: World): TemplateQuery {
  return (text, at) => {
    try {
      const value = evaluate(parse(text), store, at, {
        lookback: evaluation.lookback,
        subqueryStep: evaluation.interval,
      });
      if (value.kind === "vector") return value.samples;
      if (value.kind === "scalar") return [{ labels: Labels.EMPTY, value: value.value }];
    } catch (error) {
      if (error instanceof PromqlError) throw new RangeError(error.message);
      throw error;
    }
    throw new RangeError(`Cannot use query ${JSON.stringify(text)}: expected a vector or a scalar`);
  };
}

function parse(text: string): Expr {
  let tree = parsed.get(text);
  if (!tree) {
    tree = parseExpr(text);
    if (parsed.size >= MOST_PARSED) parsed.clear();
    parsed.set(text, tree);
  }
  return tree;
}
