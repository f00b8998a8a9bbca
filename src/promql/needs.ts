import type { Matcher } from "../series/matchers.ts";
import { type DurationMs, durationMs, MINUTE } from "../series/time.ts";
import { childrenOf, type Expr, type Placed } from "./ast.ts";

/** How old the newest sample of a series may be for an instant selector, unless said otherwise; Prometheus' 5 minutes. */
export const DEFAULT_LOOKBACK = durationMs(5 * MINUTE);

/** Samples an expression reads. */
export interface SeriesNeed {
  readonly matchers: readonly Matcher[];
  /** How far back of the evaluation time samples are read: offset + range, or offset + lookback. Never negative. */
  readonly reach: DurationMs;
}

/**
 * What has to be kept in memory for an expression: one need a selector, in the order of the text. A selector in a subquery
 * is read that much farther back. For a fixed time after `@` no history is kept but that of its window: it reads what there
 * still is of that time.
 */
export function needsOf(expr: Expr, lookback: DurationMs = DEFAULT_LOOKBACK): readonly SeriesNeed[] {
  return needs(expr, lookback, 0);
}

/** @param back how far before the time of the whole expression this one is evaluated; negative where it is only after */
function needs(expr: Expr, lookback: DurationMs, back: number): readonly SeriesNeed[] {
  switch (expr.kind) {
    case "selector":
      return [{ matchers: expr.matchers, reach: reachOf(expr, back + lookback, lookback) }];
    case "range":
      return [{ matchers: expr.matchers, reach: reachOf(expr, back + expr.range, expr.range) }];
    case "subquery": {
      const own = expr.pinned === undefined ? back : 0;
      return needs(expr.operand, lookback, own + expr.offset + expr.range);
    }
    default:
      return childrenOf(expr).flatMap((child) => needs(child, lookback, back));
  }
}

/** A time after `@` is that of the whole expression, not of the subquery around it. */
const reachOf = ({ pinned, offset }: Placed, reach: number, pinnedReach: number): DurationMs =>
  durationMs(Math.max(0, offset + (pinned === undefined ? reach : pinnedReach)));
