import type { Expr } from "../../promql/ast.ts";
import type { MatchingClause } from "../../promql/grouping.ts";
import { carries, type LabelSet, labelSetOf } from "./label-sets.ts";
import { perRule } from "./lint.ts";
import { nodesOf, treeOf } from "./selectors.ts";

/** Two vectors that never meet: one side always has a label the other never has, and the labels must be equal. */
export const joinWithoutSharedLabels = perRule(
  "join-without-shared-labels",
  "warning",
  "Two vectors are joined on labels that one side always has and the other never, so that nothing meets.",
  function* ({ rule }, { series }) {
    const tree = treeOf(rule);
    for (const node of tree === undefined ? [] : nodesOf(tree)) {
      const matching = matchingOf(node);
      if (matching === undefined) continue;
      const { left, right } = node as Expr & { readonly kind: "arithmetic" };
      const sides = [labelSetOf(left, series), labelSetOf(right, series)] as const;
      if (sides[0] === undefined || sides[1] === undefined) continue;
      const label = separating(matching, sides[0], sides[1]);
      if (label === undefined) continue;
      const side = carries(sides[0], label) === "never" ? "left" : "right";
      const better = matching.on ? "labels that both sides have in on (…)" : "on (…) with labels that both sides have";
      const message = `the two sides never meet: the ${side} one has no label ${JSON.stringify(label)}; expected ${better}`;
      yield { at: ["expr"], from: node.from, to: node.to, message };
    }
  },
);

/** How two vectors meet; `or` keeps both whatever their labels are. */
function matchingOf(node: Expr): MatchingClause | undefined {
  if (node.kind === "set") return node.op === "or" ? undefined : node.matching;
  return node.kind === "arithmetic" || node.kind === "comparison" ? node.matching : undefined;
}

/** The first label that keeps two sides apart. */
function separating({ on, names }: MatchingClause, left: LabelSet, right: LabelSet): string | undefined {
  const labels = on ? names : [...left.always, ...right.always].filter((name) => !names.includes(name));
  return labels.find((label) => {
    const [a, b] = [carries(left, label), carries(right, label)];
    return (a === "always" && b === "never") || (a === "never" && b === "always");
  });
}
