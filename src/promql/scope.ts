import type { Point, SeriesView } from "../series/source.ts";
import type { DurationMs, EpochMs } from "../series/time.ts";
import type { Expr, Placed, RangeSelector, Subquery, VectorSelector } from "./ast.ts";
import type { Budget } from "./budget.ts";
import type { Notes } from "./notes.ts";
import type { Vector } from "./vector.ts";
import type { Windows } from "./windows.ts";

/** A range vector of either kind. */
export type RangeVector = RangeSelector | Subquery;

/** One step of an evaluation: when it is, what can be read, and what it may cost. */
export interface Scope {
  readonly at: EpochMs;
  readonly lookback: DurationMs;
  /** Scratch memory of a read. */
  readonly point: Point;
  readonly budget: Budget;
  readonly notes: Notes;
  /** The value of an expression of type vector; the caller owns it. */
  vector(expr: Expr): Vector;
  /** The value of an expression of type scalar. */
  scalar(expr: Expr): number;
  /** The series of a selector, looked up once an evaluation. */
  series(selector: VectorSelector): readonly SeriesView[];
  /** The windows of a range vector, which remember what they have read over the steps of an evaluation. */
  windows(range: RangeVector): Windows;
  /** The time that something with an offset or `@` stands for. */
  timeOf(placed: Placed): EpochMs;
}
