import type { SyntaxNode } from "@lezer/common";
import { type Aggregation, isAggregation, typeOf } from "./ast.ts";
import { type Builder, TYPE_NAMES } from "./builder.ts";
import { PromqlError, unsupported } from "./error.ts";
import { grouping } from "./grouping.ts";
import { readString } from "./literals.ts";
import { childOf, childrenOf } from "./syntax.ts";

/** Builds an aggregation over its one instant vector. */
export function buildAggregation(node: SyntaxNode, builder: Builder): Aggregation {
  const operator = childOf(node, "AggregateOp")!;
  const op = builder.slice(operator).toLowerCase();
  if (!isAggregation(op)) throw unsupported(`${op}()`, operator);
  const args = childrenOf(childOf(node, "FunctionCallBody")!).map((arg) => builder.build(arg));
  const [operand] = args;
  if (args.length !== 1 || !operand) {
    throw new PromqlError(`Cannot aggregate with ${op}: expected 1 argument, found ${args.length}`, node);
  }
  const type = typeOf(operand);
  if (type !== "vector") {
    throw new PromqlError(
      `Cannot aggregate with ${op}: expected an instant vector, found ${TYPE_NAMES[type]}`,
      operand,
    );
  }
  const modifier = childOf(node, "AggregateModifier");
  const names = modifier ? readNames(childOf(modifier, "GroupingLabels")!, builder) : [];
  const mode = modifier && childOf(modifier, "Without") ? "without" : "by";
  return { kind: "aggregation", from: node.from, to: node.to, op, grouping: grouping(mode, names), operand };
}

/** Reads the label names of a GroupingLabels node. */
export function readNames(node: SyntaxNode, builder: Builder): readonly string[] {
  return childrenOf(node).map((label) => {
    const written = builder.slice(label);
    return label.name === "QuotedLabelName" ? readString(written, label) : written;
  });
}
