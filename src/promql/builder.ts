import type { SyntaxNode } from "@lezer/common";
import type { Expr } from "./ast.ts";
import type { ValueType } from "./functions/function.ts";

/** What the builders of single constructs need of the one that builds trees. */
export interface Builder {
  readonly text: string;
  build(node: SyntaxNode): Expr;
  slice(node: SyntaxNode): string;
  /** A sign before an operand; `node` holds both. */
  signed(sign: string, operand: Expr, node: SyntaxNode): Expr;
}

/** A type in a message's words. */
export const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  scalar: "a scalar",
  vector: "an instant vector",
  range: "a range vector",
  string: "a string",
};
