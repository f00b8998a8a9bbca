import type { MetricUnit } from "../../models/catalogue.ts";
import type { Expr } from "../../promql/ast.ts";
import { constantOf } from "./constants.ts";
import { perRule } from "./lint.ts";
import { nodesOf, treeOf } from "./selectors.ts";
import { unitOf } from "./units.ts";

/** Below these a threshold is less than anybody means, and probably in another unit. */
const SMALLEST: Partial<Record<MetricUnit, { readonly below: number; readonly example: string }>> = {
  microseconds: { below: 100, example: 'for 5 ms "5 * 1000", or divide by 1000 and compare milliseconds' },
  bytes: { below: 100_000, example: 'for 5 GiB "5 * 1024 ^ 3"' },
};

/**
 * A bare small number against microseconds or bytes: `> 5` was thought in milliseconds or gigabytes. Whoever multiplies or
 * divides, on either side, has thought of the unit.
 */
export const thresholdUnit = perRule(
  "threshold-unit",
  "warning",
  "Microseconds or bytes are compared with a number so small that another unit must be meant.",
  function* ({ rule }, { series }) {
    const tree = treeOf(rule);
    for (const node of tree === undefined ? [] : nodesOf(tree)) {
      if (node.kind !== "comparison") continue;
      const bare = bareNumber(node.right) ?? bareNumber(node.left);
      const other = bareNumber(node.right) === undefined ? node.right : node.left;
      const unit = bare === undefined || constantOf(other) !== undefined ? undefined : unitOf(other, series);
      const smallest = unit && SMALLEST[unit];
      if (bare === undefined || !smallest || bare === 0 || Math.abs(bare) >= smallest.below) continue;
      const message = `${bare} ${unit} is hardly what is meant: expected ${smallest.example}`;
      yield { at: ["expr"], from: node.from, to: node.to, message };
    }
  },
);

const bareNumber = (expr: Expr): number | undefined => (expr.kind === "number" ? expr.value : undefined);
