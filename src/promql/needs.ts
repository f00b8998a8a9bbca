import type { Matcher } from "../series/matchers.ts";
import { type DurationMs, durationMs, MINUTE } from "../series/time.ts";
import { childrenOf, type Expr } from "./ast.ts";

/** How old the newest sample of a series may be for an instant selector, unless said otherwise; Prometheus' 5 minutes. */
export const DEFAULT_LOOKBACK = durationMs(5 * MINUTE);

/** Samples an expression reads. */
export interface SeriesNeed {
  readonly matchers: readonly Matcher[];
  /** How far back of the evaluation time samples are read: offset + range, or offset + lookback. Never negative. */
  readonly reach: DurationMs;
}

/** What has to be kept in memory for an expression: one need a selector, in the order of the text. */
export function needsOf(expr: Expr, lookback: DurationMs = DEFAULT_LOOKBACK): readonly SeriesNeed[] {
  if (expr.kind !== "selector" && expr.kind !== "range")
    return childrenOf(expr).flatMap((child) => needsOf(child, lookback));
  const window = expr.kind === "range" ? expr.range : lookback;
  return [{ matchers: expr.matchers, reach: durationMs(Math.max(0, expr.offset + window)) }];
}
