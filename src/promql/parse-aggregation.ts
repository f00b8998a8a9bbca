import { type Aggregation, type AggregationOp, type Expr, isParametric, typeOf } from "./ast.ts";
import { PromqlError, type Span } from "./error.ts";
import { type Grouping, grouping } from "./grouping.ts";
import { parseArguments } from "./parse-call.ts";
import { parseLabelNames } from "./parse-selector.ts";
import type { Tokens } from "./tokens.ts";
import { TYPE_NAMES } from "./type-names.ts";

/** What an aggregation needs of the one that reads expressions. */
interface Parser {
  readonly tokens: Tokens;
  expression(): Expr;
}

interface Clause {
  readonly mode: Grouping["mode"];
  readonly names: readonly string[];
}

/** Reads an aggregation, its clause before or after the arguments. */
export function parseAggregation(parser: Parser): Aggregation {
  const { tokens } = parser;
  const { text, from } = tokens.next();
  const op = text.toLowerCase() as AggregationOp;
  const before = parseClause(tokens);
  const args = parseArguments(parser);
  const clause = before ?? parseClause(tokens) ?? { mode: "by", names: [] };
  return makeAggregation(op, clause, args, { from, to: tokens.end });
}

function parseClause(tokens: Tokens): Clause | undefined {
  const mode = tokens.keyword();
  if (mode !== "by" && mode !== "without") return undefined;
  tokens.next();
  return { mode, names: parseLabelNames(tokens) };
}

function makeAggregation(op: AggregationOp, clause: Clause, args: readonly Expr[], span: Span): Aggregation {
  const wanted = isParametric(op) ? 2 : 1;
  if (args.length !== wanted) {
    const count = `${wanted} argument${wanted === 1 ? "" : "s"}`;
    throw new PromqlError(`Cannot aggregate with ${op}: expected ${count}, found ${args.length}`, span);
  }
  const operand = args[wanted - 1]!;
  check(op, operand, "vector");
  const parameter = isParametric(op) ? args[0]! : undefined;
  if (!parameter) return { kind: "aggregation", ...span, op, grouping: grouping(clause.mode, clause.names), operand };
  check(op, parameter, op === "count_values" ? "string" : "scalar");
  return { kind: "aggregation", ...span, op, parameter, grouping: groupingOf(clause, parameter), operand };
}

/** `count_values` groups by its own label as well, and may not make one without a name. */
function groupingOf({ mode, names }: Clause, parameter: Expr): Grouping {
  if (parameter.kind !== "string") return grouping(mode, names);
  if (parameter.value === "") {
    throw new PromqlError("Cannot aggregate with count_values: expected the name of a label", parameter);
  }
  return grouping(mode, mode === "by" ? [...names, parameter.value] : names);
}

function check(op: AggregationOp, arg: Expr, wanted: "vector" | "scalar" | "string"): void {
  const found = typeOf(arg);
  if (found === wanted) return;
  throw new PromqlError(`Cannot aggregate with ${op}: expected ${TYPE_NAMES[wanted]}, found ${TYPE_NAMES[found]}`, arg);
}
