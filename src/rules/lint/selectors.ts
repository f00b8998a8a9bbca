import type { Path } from "../../documents/nodes.ts";
import { nodeAt } from "../../documents/nodes.ts";
import { childrenOf, type Expr } from "../../promql/ast.ts";
import type { Matcher } from "../../series/matchers.ts";
import type { PlacedRule } from "../load.ts";
import type { Detect, Rule, Selector } from "../types.ts";

/** A selector of a rule, and where it stands. */
export interface PlacedSelector {
  readonly matchers: readonly Matcher[];
  /** From the rule on. */
  readonly at: Path;
  /** The characters of the text there; undefined means all of it. */
  readonly from?: number;
  readonly to?: number;
  /** What a `detect:` block takes its series for; undefined in an expression. */
  readonly as?: "counter" | "gauge";
}

/** The expression of a rule; undefined where it is a `detect:` rule. */
export function treeOf(rule: Rule): Expr | undefined {
  if (rule.kind === "record") return rule.tree;
  return rule.condition.kind === "expr" ? rule.condition.tree : undefined;
}

/** An expression and all that it is made of, from the outside in. */
export function* nodesOf(tree: Expr): Iterable<Expr> {
  yield tree;
  for (const child of childrenOf(tree)) yield* nodesOf(child);
}

/** Every selector of a rule, in the order of the text. */
export function selectorsOf({ rule, document, path }: PlacedRule): readonly PlacedSelector[] {
  const tree = treeOf(rule);
  if (tree !== undefined) {
    return [...nodesOf(tree)].flatMap((node): PlacedSelector[] => {
      if (node.kind !== "selector" && node.kind !== "range") return [];
      return [{ matchers: node.matchers, at: ["expr"], from: node.from, to: node.to }];
    });
  }
  if (rule.kind !== "alert" || rule.condition.kind !== "detect") return [];
  const has = (at: Path): boolean => nodeAt(document.root, [...path, ...at]) !== undefined;
  return partsOf(rule.condition.detect, has).flatMap(({ selectors, at, as }) =>
    selectors.map(({ matchers }, i): PlacedSelector => {
      return { matchers, at: has([...at, i]) ? [...at, i] : at, as };
    }),
  );
}

interface Part {
  readonly selectors: readonly Selector[];
  readonly at: Path;
  readonly as: "counter" | "gauge";
}

/** The fields of a `detect:` block that hold selectors. */
function partsOf({ signal }: Detect, has: (at: Path) => boolean): readonly Part[] {
  const part = (selectors: readonly Selector[], as: Part["as"], ...at: string[]): Part => {
    return { selectors, as, at: ["detect", ...at] };
  };
  switch (signal.kind) {
    case "models":
      return [];
    case "ratio":
      return [part(signal.bad, "counter", "ratio", "bad"), part(signal.total, "counter", "ratio", "total")];
    case "rate":
      return [part(signal.of, "counter", "rate")];
    case "mean":
      return (["sum", "count", "minus"] as const).map((field) => part(signal[field], "counter", "mean", field));
    case "level": {
      const inside = has(["detect", "level", "value"]);
      const bound = has(["detect", "level", "of"]) ? ["level", "of"] : ["of"];
      return [part(signal.value, "gauge", "level", ...(inside ? ["value"] : [])), part(signal.of, "gauge", ...bound)];
    }
  }
}
