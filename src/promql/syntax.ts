import type { SyntaxNode, Tree } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { isAggregation } from "./ast.ts";
import { PromqlError } from "./error.ts";
import { FUNCTIONS } from "./functions/index.ts";
import type { Prepared } from "./prepare.ts";

const strict = parser.configure({ strict: true });
/** Deeper trees would endanger the stack of whoever walks them. */
const MAX_DEPTH = 500;

/** Parses a prepared text into the grammar's tree, without any error recovery. `original` is for the messages. */
export function parseSyntax(prepared: Prepared, original: string): SyntaxNode {
  if (prepared.text.trim() === "") {
    throw new PromqlError("Cannot parse expression: it is empty", { from: 0, to: original.length });
  }
  const tree = run(prepared.text, original);
  let depth = 0;
  tree.iterate({
    enter(node) {
      if (++depth > MAX_DEPTH)
        throw new PromqlError(`Cannot parse expression: it nests deeper than ${MAX_DEPTH}`, node);
    },
    leave() {
      depth--;
    },
  });
  return tree.topNode.firstChild!.name === "LineComment" ? firstExpression(tree) : tree.topNode.firstChild!;
}

function firstExpression(tree: Tree): SyntaxNode {
  return childrenOf(tree.topNode)[0]!;
}

function run(text: string, original: string): Tree {
  try {
    return strict.parse(text);
  } catch (error) {
    const at = /No parse at (\d+)/.exec((error as Error).message)?.[1];
    if (at === undefined) throw error;
    throw noParse(original, Number(at));
  }
}

/** Says what stands where the grammar found no way on. */
function noParse(text: string, at: number): PromqlError {
  const rest = text.slice(at);
  const found = /^(?:[a-zA-Z_:][\w:]*|[\d.][\w.]*|[=!<>]=|=~|!~|.)/su.exec(rest)?.[0];
  const called = found === "(" ? /([a-zA-Z_:][\w:]*)\s*$/.exec(text.slice(0, at)) : null;
  const name = called?.[1] ?? "";
  if (called && !FUNCTIONS.has(name) && !isAggregation(name)) {
    return new PromqlError(`Cannot call ${name}(): there is no such function`, { from: called.index, to: at });
  }
  if (found === undefined) {
    return new PromqlError("Cannot parse expression: it ends too early", { from: at, to: text.length });
  }
  return new PromqlError(`Cannot parse expression: did not expect ${found} here`, { from: at, to: at + found.length });
}

/** A node's children without comments. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== "LineComment") children.push(child);
  }
  return children;
}

/** The first child of a given name. */
export function childOf(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return childrenOf(node).find((child) => child.name === name);
}
