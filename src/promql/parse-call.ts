import { type Call, type Expr, typeOf } from "./ast.ts";
import { PromqlError, type Span } from "./error.ts";
import type { PromqlFunction } from "./functions/function.ts";
import { FUNCTIONS } from "./functions/index.ts";
import { relabelOf } from "./relabel.ts";
import type { Tokens } from "./tokens.ts";
import { TYPE_NAMES } from "./type-names.ts";

/** What a call needs of the one that reads expressions. */
interface Parser {
  readonly tokens: Tokens;
  expression(): Expr;
}

/** Reads a function call: the function resolved, its arguments counted and typed. */
export function parseCall(parser: Parser): Call {
  const { tokens } = parser;
  const { text: name, from, to } = tokens.next();
  const fn = FUNCTIONS.get(name);
  if (!fn) throw new PromqlError(`Cannot call ${name}(): there is no such function`, { from, to });
  const args = parseArguments(parser);
  const call: Call = { kind: "call", from, to: tokens.end, fn, args };
  check(fn, args, call);
  return fn.kind === "whole" && fn.whole === "relabel" ? { ...call, relabel: relabelOf(call) } : call;
}

/** Reads expressions in brackets. */
export function parseArguments(parser: Parser): readonly Expr[] {
  const { tokens } = parser;
  const args: Expr[] = [];
  tokens.expect({ sign: "(" });
  if (tokens.take(")")) return args;
  do args.push(parser.expression());
  while (tokens.take(","));
  tokens.expect({ sign: ")" });
  return args;
}

function check(fn: PromqlFunction, args: readonly Expr[], at: Span): void {
  const most = fn.variadic ? Number.POSITIVE_INFINITY : fn.params.length;
  if (args.length < fn.required || args.length > most) {
    throw new PromqlError(`Cannot call ${fn.name}(): expected ${arity(fn)}, found ${args.length}`, at);
  }
  for (const [i, arg] of args.entries()) {
    const wanted = fn.params[Math.min(i, fn.params.length - 1)]!;
    const found = typeOf(arg);
    if (found === wanted) continue;
    const hint = wanted === "range" && found === "vector" ? ", add a range, for example x[5m]" : "";
    throw new PromqlError(
      `Cannot call ${fn.name}(): expected ${TYPE_NAMES[wanted]} as argument ${i + 1}, found ${TYPE_NAMES[found]}${hint}`,
      arg,
    );
  }
}

function arity(fn: PromqlFunction): string {
  const most = fn.params.length;
  if (fn.variadic) return `at least ${fn.required} arguments`;
  const count = fn.required === most ? String(most) : `${fn.required} to ${most}`;
  return `${count} argument${count === "1" ? "" : "s"}`;
}
