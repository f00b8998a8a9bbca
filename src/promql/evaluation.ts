import { Labels } from "../series/labels.ts";
import type { SeriesSource, SeriesView } from "../series/source.ts";
import { type DurationMs, type EpochMs, epochMs } from "../series/time.ts";
import { aggregate } from "./aggregate.ts";
import { aggregateByParameter } from "./aggregate-by-parameter.ts";
import {
  type Aggregation,
  type Expr,
  isParametric,
  type Placed,
  type RangeSelector,
  type Subquery,
  typeOf,
  type VectorSelector,
} from "./ast.ts";
import type { Budget } from "./budget.ts";
import { scalarOperation, vectorOperation } from "./evaluate-binary.ts";
import { callScalar, callVector } from "./evaluate-call.ts";
import { combineSets } from "./match.ts";
import { Matrix, type Row } from "./matrix.ts";
import type { Notes } from "./notes.ts";
import type { RangeVector, Scope } from "./scope.ts";
import { selectInstant } from "./select.ts";
import { dropNames, type Vector } from "./vector.ts";
import { Windows } from "./windows.ts";

/** What all parts of one query share. */
export interface Query {
  readonly source: SeriesSource;
  readonly lookback: DurationMs;
  /** The step of subqueries that give none. */
  readonly subqueryStep: DurationMs;
  readonly budget: Budget;
  readonly notes: Notes;
  /** What `start()` and `end()` stand for, in subqueries too. */
  readonly start: EpochMs;
  readonly end: EpochMs;
}

/** Steps from one time to another, both included where they are whole steps apart. */
interface Steps {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/**
 * Evaluates an expression step by step; that it has the type asked of it was settled by the parser. What a selector or
 * subquery needs is looked up once and kept over the steps, which only go forward.
 */
export class Evaluation implements Scope {
  readonly lookback: DurationMs;
  readonly budget: Budget;
  readonly notes: Notes;
  readonly point = { time: 0, value: 0 };
  readonly #query: Query;
  readonly #steps: Steps;
  readonly #selections = new Map<Expr, readonly SeriesView[]>();
  readonly #windows = new Map<Expr, Windows>();
  #at: EpochMs;

  constructor(query: Query, steps: Steps) {
    this.#query = query;
    this.#steps = steps;
    this.#at = epochMs(steps.from);
    ({ lookback: this.lookback, budget: this.budget, notes: this.notes } = query);
  }

  get at(): EpochMs {
    return this.#at;
  }

  /** The values of a scalar or a vector at every step, as series. */
  matrix(expr: Expr): Matrix {
    const matrix = new Matrix(expr);
    const scalar = typeOf(expr) === "scalar";
    const { from, to, step } = this.#steps;
    for (let at = from; at <= to; at += step) {
      this.#at = epochMs(at);
      const vector = scalar ? { labels: [Labels.EMPTY], values: [this.scalar(expr)] } : this.vector(expr);
      this.budget.spend(vector.labels.length + 1);
      matrix.add(vector, this.#at);
    }
    return matrix;
  }

  vector(expr: Expr): Vector {
    switch (expr.kind) {
      case "selector":
        return selectInstant(expr, this);
      case "negation":
        return this.#negated(expr.operand, expr);
      case "arithmetic":
      case "comparison":
        return vectorOperation(expr, this);
      case "set":
        return combineSets(expr.op, this.vector(expr.left), this.vector(expr.right), expr.matching);
      case "aggregation":
        return this.#aggregated(expr);
      case "call":
        return callVector(expr, this);
      default:
        throw new Error(`A ${expr.kind} is not a vector`);
    }
  }

  scalar(expr: Expr): number {
    switch (expr.kind) {
      case "number":
        return expr.value;
      case "negation":
        return -this.scalar(expr.operand);
      case "arithmetic":
      case "comparison":
        return scalarOperation(expr, this);
      case "call":
        return callScalar(expr, this);
      default:
        throw new Error(`A ${expr.kind} is not a scalar`);
    }
  }

  series(selector: VectorSelector | RangeSelector): readonly SeriesView[] {
    let found = this.#selections.get(selector);
    if (!found) {
      found = this.#query.source.select(selector.matchers);
      this.#selections.set(selector, found);
    }
    return found;
  }

  windows(range: RangeVector): Windows {
    let found = this.#windows.get(range);
    if (!found) {
      const several = this.#steps.to - this.#steps.from >= this.#steps.step;
      const series = range.kind === "range" ? this.series(range) : this.subquery(range);
      found = new Windows(series, several, this.budget);
      this.#windows.set(range, found);
    }
    return found;
  }

  /** What a subquery gives over all steps, as if it were samples: at every multiple of its step within its windows. */
  subquery(subquery: Subquery): readonly Row[] {
    const step = subquery.step ?? this.#query.subqueryStep;
    const { from: first, to: last } = this.#steps;
    const begin = this.#timeOf(subquery, first) - subquery.range;
    const from = (Math.floor(begin / step) + 1) * step;
    return new Evaluation(this.#query, { from, to: this.#timeOf(subquery, last), step }).matrix(subquery.operand).rows;
  }

  timeOf(placed: Placed): EpochMs {
    return this.#timeOf(placed, this.#at);
  }

  #timeOf({ pinned, offset }: Placed, at: number): EpochMs {
    const time = pinned === undefined ? at : typeof pinned === "number" ? pinned : this.#query[pinned];
    return epochMs(time - offset);
  }

  #negated(operand: Expr, at: Expr): Vector {
    const vector = this.vector(operand);
    const { values } = vector;
    for (let i = 0; i < values.length; i++) values[i] = -values[i]!;
    return dropNames(vector, at);
  }

  #aggregated(expr: Aggregation): Vector {
    const { op } = expr;
    if (isParametric(op)) return aggregateByParameter(expr, this);
    return aggregate(op, expr.grouping.groupOf, this.vector(expr.operand));
  }
}
