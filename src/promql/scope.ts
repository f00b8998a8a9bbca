import { type Point, PointBuffer, type SeriesSource } from "../series/source.ts";
import type { DurationMs, EpochMs } from "../series/time.ts";
import type { Expr } from "./ast.ts";
import type { Vector } from "./vector.ts";

/** One evaluation: what is read, when, and the scratch memory of its reads. */
export interface Scope {
  readonly source: SeriesSource;
  readonly at: EpochMs;
  readonly lookback: DurationMs;
  readonly point: Point;
  readonly points: PointBuffer;
  /** The value of an expression of type vector; the caller owns it. */
  vector(expr: Expr): Vector;
  /** The value of an expression of type scalar. */
  scalar(expr: Expr): number;
}

/** Fresh scratch memory for one evaluation. */
export const scratch = (): Pick<Scope, "point" | "points"> => ({
  point: { time: 0, value: 0 },
  points: new PointBuffer(),
});
