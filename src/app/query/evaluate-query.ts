import { childrenOf, type Expr, typeOf } from "../../promql/ast.ts";
import type { Span } from "../../promql/error.ts";
import { type EvalOptions, evaluate, evaluateRange, type Value } from "../../promql/evaluate.ts";
import { compareLabels } from "../../promql/matrix.ts";
import type { Note } from "../../promql/notes.ts";
import type { SeriesSource } from "../../series/source.ts";
import { type DurationMs, type EpochMs, epochMs } from "../../series/time.ts";
import type { ApiQueryResult } from "../../web/query-types.ts";
import type { Pace } from "./pace.ts";
import { PacedSource } from "./paced-source.ts";
import { AnswerSize, GatheredSeries, showPoint } from "./show-value.ts";

/** Samples one query may read and make at a time: some 80 MB of them. */
const MOST_SAMPLES = 5_000_000;

/** What a query comes to, and what to read it with. */
export interface Evaluated {
  readonly shown: ApiQueryResult;
  readonly notes: readonly Note[];
}

/** Steps from one time to another, both included. */
export interface QueryRange {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly step: DurationMs;
}

/** What is evaluated, over what, how, and how fast. */
export interface QueryWork {
  readonly expr: Expr;
  readonly source: SeriesSource;
  readonly options: Pick<EvalOptions, "lookback" | "subqueryStep">;
  readonly pace: Pace;
}

/**
 * Evaluates at one instant.
 * @throws PromqlError as `evaluate` does; TooLarge
 */
export function evaluateAt({ expr, source, options, pace }: QueryWork, at: EpochMs): Evaluated {
  const { notes, ...value } = evaluate(expr, new PacedSource(source, pace), at, bounded(options, pace));
  return { shown: showValue(value, at), notes };
}

/**
 * Evaluates step by step, and between steps lets the rest of the program work. An expression with `@ start()` or `@ end()`
 * is evaluated as a whole, since a part of the range would begin and end elsewhere.
 * @throws PromqlError as `evaluateRange` does; TooLarge
 */
export async function evaluateOver(work: QueryWork, { from, to, step }: QueryRange): Promise<Evaluated> {
  const { expr, options, pace } = work;
  const source = new PacedSource(work.source, pace);
  const steps = Math.floor((to - from) / step) + 1;
  const gathered = new GatheredSeries();
  const notes = new Map<string, Note>();
  let together = readsEnds(expr) ? steps : 1;
  for (let first = 0; first < steps; ) {
    const last = Math.min(first + together, steps) - 1;
    const [start, end] = [epochMs(from + first * step), epochMs(from + last * step)];
    const part = evaluateRange(expr, source, start, end, step, bounded(options, pace));
    for (const series of part.series) gathered.add(series);
    for (const note of part.notes) notes.set(`${note.from}:${note.message}`, note);
    if (pace.share < 0.5) together *= 2;
    else if (pace.share > 1) together = Math.max(1, together >> 1);
    first = last + 1;
    if (first < steps) await pace.breathe();
  }
  return { shown: { resultType: "matrix", result: gathered.show(compareLabels) }, notes: [...notes.values()] };
}

/** Why an expression cannot be evaluated step by step; undefined where it can. */
export function notByStep(expr: Expr): string | undefined {
  const type = typeOf(expr);
  if (type !== "range" && type !== "string") return undefined;
  return `Cannot evaluate ${type === "range" ? "a range vector" : "a string"} over a range: expected a scalar or an instant vector`;
}

/** The line and column of a place in an expression, as Prometheus writes them. */
export function positionOf(text: string, { from }: Pick<Span, "from">): string {
  const before = text.slice(0, from);
  return `${before.split("\n").length}:${from - before.lastIndexOf("\n")}`;
}

const bounded = (options: EvalOptions, pace: Pace): EvalOptions => ({
  ...options,
  maxSamples: MOST_SAMPLES,
  expired: () => pace.expired(),
});

const readsEnds = (expr: Expr): boolean =>
  ("pinned" in expr && typeof expr.pinned === "string") || childrenOf(expr).some(readsEnds);

function showValue(value: Value, at: EpochMs): ApiQueryResult {
  switch (value.kind) {
    case "scalar":
      return { resultType: "scalar", result: showPoint(at, value.value) };
    case "string":
      return { resultType: "string", result: [at / 1000, value.value] };
    case "matrix": {
      const gathered = new GatheredSeries();
      for (const series of value.series) gathered.add(series);
      return { resultType: "matrix", result: gathered.show() };
    }
    default: {
      const size = new AnswerSize();
      const result = value.samples.map(({ labels, value }) => {
        size.add(labels, 1);
        return { metric: labels.toJSON(), value: showPoint(at, value) };
      });
      return { resultType: "vector", result };
    }
  }
}
