import type { Labels } from "../series/labels.ts";
import type { SeriesSource } from "../series/source.ts";
import { type DurationMs, type EpochMs, epochMs, MINUTE } from "../series/time.ts";
import { type Expr, typeOf } from "./ast.ts";
import { Budget, MAX_SAMPLES, MAX_STEPS } from "./budget.ts";
import { LimitError, PromqlError } from "./error.ts";
import { Evaluation, type Query } from "./evaluation.ts";
import { Matrix, type Row } from "./matrix.ts";
import { DEFAULT_LOOKBACK } from "./needs.ts";
import { type Note, Notes } from "./notes.ts";
import type { RangeVector } from "./scope.ts";
import { TYPE_NAMES } from "./type-names.ts";

/** What Prometheus sets for the whole server, and the bounds of a query. */
export interface EvalOptions {
  /** How old the newest sample of a series may be for an instant selector. */
  readonly lookback?: DurationMs;
  /** The step of subqueries that give none; a minute. */
  readonly subqueryStep?: DurationMs;
  /** How many samples the query may read and make. */
  readonly maxSamples?: number;
  /** Whether the query's time is over; asked now and then. */
  readonly expired?: () => boolean;
}

/** One element of an instant vector. */
interface VectorSample {
  readonly labels: Labels;
  readonly value: number;
}

/** One series of a matrix: its values, and their times in ms since the epoch. */
export interface MatrixSeries {
  readonly labels: Labels;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** What an expression evaluates to. The samples of a vector, and the series of a matrix, have distinct labels. */
export type Value =
  | { readonly kind: "vector"; readonly samples: readonly VectorSample[] }
  | { readonly kind: "scalar"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "matrix"; readonly series: readonly MatrixSeries[] };

/** What a result should be read with. */
interface Noted {
  readonly notes: readonly Note[];
}

/**
 * Evaluates an expression at an instant with Prometheus 3's semantics. The order of a result follows that of the source's
 * selections, so equal sources give equal results, order included.
 * @throws PromqlError where the data make the expression ambiguous (many-to-many matches, duplicate label sets);
 * LimitError where it goes beyond its bounds
 */
export function evaluate(expr: Expr, source: SeriesSource, at: EpochMs, options: EvalOptions = {}): Value & Noted {
  const query = queryOf(expr, source, at, at, options);
  const evaluation = new Evaluation(query, { from: at, to: at, step: 1 });
  const value = instantValue(expr, evaluation);
  return { ...value, notes: query.notes.all() };
}

function instantValue(expr: Expr, evaluation: Evaluation): Value {
  if (expr.kind === "string") return { kind: "string", value: expr.value };
  switch (typeOf(expr)) {
    case "scalar":
      return { kind: "scalar", value: evaluation.scalar(expr) };
    case "range":
      return { kind: "matrix", series: rawSamples(expr as RangeVector, evaluation) };
    default: {
      const { labels, values } = evaluation.vector(expr);
      return { kind: "vector", samples: labels.map((labels, i) => ({ labels, value: values[i]! })) };
    }
  }
}

/** The samples of a range vector as they are. */
function rawSamples(range: RangeVector, evaluation: Evaluation): readonly MatrixSeries[] {
  const series: MatrixSeries[] = [];
  const to = evaluation.timeOf(range);
  evaluation.windows(range).each(epochMs(to - range.range), to, (labels, { times, values, first, end }) => {
    series.push({ labels, times: times.slice(first, end), values: values.slice(first, end) });
  });
  return series;
}

/**
 * Evaluates a scalar or an instant vector at every step from one time to another, both included. Series come in the order of
 * their labels; a scalar is a series without labels.
 * @throws PromqlError as `evaluate` does, for other types, and where there are more than 11,000 steps
 */
export function evaluateRange(
  expr: Expr,
  source: SeriesSource,
  from: EpochMs,
  to: EpochMs,
  step: DurationMs,
  options: EvalOptions = {},
): { readonly series: readonly MatrixSeries[] } & Noted {
  const type = typeOf(expr);
  if (type === "range" || type === "string") {
    throw new PromqlError(
      `Cannot evaluate ${TYPE_NAMES[type]} step by step: expected a scalar or an instant vector`,
      expr,
    );
  }
  if (!(step > 0)) throw new PromqlError(`Cannot evaluate with a step of ${step} ms: expected more than zero`, expr);
  if ((to - from) / step >= MAX_STEPS) {
    throw new LimitError("steps", `Cannot evaluate: expected at most ${MAX_STEPS} steps, or a longer step`, expr);
  }
  const query = queryOf(expr, source, from, to, options);
  const matrix = from <= to ? new Evaluation(query, { from, to, step }).matrix(expr) : new Matrix(expr);
  return { series: matrix.sorted().map(toSeries), notes: query.notes.all() };
}

const toSeries = ({ labels, points: { times, values, length } }: Row): MatrixSeries => ({
  labels,
  times: times.subarray(0, length),
  values: values.subarray(0, length),
});

function queryOf(expr: Expr, source: SeriesSource, start: EpochMs, end: EpochMs, options: EvalOptions): Query {
  const { lookback = DEFAULT_LOOKBACK, subqueryStep = MINUTE, maxSamples = MAX_SAMPLES, expired } = options;
  const budget = new Budget(maxSamples, expired, expr);
  return { source, lookback, subqueryStep, budget, notes: new Notes(), start, end };
}
