import type { SyntaxNode } from "@lezer/common";
import { type Call, typeOf } from "./ast.ts";
import { type Builder, TYPE_NAMES } from "./builder.ts";
import { PromqlError, unsupported } from "./error.ts";
import type { PromqlFunction } from "./functions/function.ts";
import { FUNCTIONS } from "./functions/index.ts";
import { childrenOf } from "./syntax.ts";

/** Builds a function call: the function resolved, its arguments counted and typed. */
export function buildCall(node: SyntaxNode, builder: Builder): Call {
  const [identifier, body] = childrenOf(node);
  const name = builder.slice(identifier!);
  const fn = FUNCTIONS.get(name);
  if (!fn) throw unsupported(`${name}()`, identifier!);
  const args = childrenOf(body!).map((arg) => builder.build(arg));
  if (args.length < fn.required || args.length > fn.params.length) {
    throw new PromqlError(`Cannot call ${name}(): expected ${arity(fn)}, found ${args.length}`, node);
  }
  for (const [i, arg] of args.entries()) {
    const wanted = fn.params[i]!;
    const found = typeOf(arg);
    if (found === wanted) continue;
    const hint = wanted === "range" && found === "vector" ? ", add a range, for example x[5m]" : "";
    throw new PromqlError(
      `Cannot call ${name}(): expected ${TYPE_NAMES[wanted]} as argument ${i + 1}, found ${TYPE_NAMES[found]}${hint}`,
      arg,
    );
  }
  return { kind: "call", from: node.from, to: node.to, fn, args };
}

function arity(fn: PromqlFunction): string {
  const most = fn.params.length;
  const count = fn.required === most ? String(most) : `${fn.required} to ${most}`;
  return `${count} argument${count === "1" ? "" : "s"}`;
}
