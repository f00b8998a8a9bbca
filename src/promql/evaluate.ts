import type { Labels } from "../series/labels.ts";
import type { SeriesSource } from "../series/source.ts";
import type { DurationMs, EpochMs } from "../series/time.ts";
import { aggregate } from "./aggregate.ts";
import { type Expr, typeOf } from "./ast.ts";
import { scalarOperation, vectorOperation } from "./evaluate-binary.ts";
import { callScalar, callVector } from "./evaluate-call.ts";
import { combineSets } from "./match.ts";
import { DEFAULT_LOOKBACK } from "./needs.ts";
import { type Scope, scratch } from "./scope.ts";
import { selectInstant } from "./select.ts";
import { dropNames, type Vector } from "./vector.ts";

/** What Prometheus sets for the whole server. */
export interface EvalOptions {
  /** How old the newest sample of a series may be for an instant selector. */
  readonly lookback: DurationMs;
}

/** One element of an instant vector. */
interface VectorSample {
  readonly labels: Labels;
  readonly value: number;
}

/** What an expression evaluates to. The samples of a vector have distinct labels. */
export type Value =
  | { readonly kind: "vector"; readonly samples: readonly VectorSample[] }
  | { readonly kind: "scalar"; readonly value: number }
  | { readonly kind: "string"; readonly value: string };

/**
 * Evaluates an expression at an instant with Prometheus 3's semantics. The order of a result follows that of the source's
 * selections, so equal sources give equal results, order included.
 * @throws PromqlError where the data make the expression ambiguous: many-to-many matches, duplicate label sets.
 */
export function evaluate(
  expr: Expr,
  source: SeriesSource,
  at: EpochMs,
  options: EvalOptions = { lookback: DEFAULT_LOOKBACK },
): Value {
  if (expr.kind === "string") return { kind: "string", value: expr.value };
  const scope = new Evaluation(source, at, options.lookback);
  if (typeOf(expr) === "scalar") return { kind: "scalar", value: scope.scalar(expr) };
  const { labels, values } = scope.vector(expr);
  return { kind: "vector", samples: labels.map((labels, i) => ({ labels, value: values[i]! })) };
}

/** Walks a checked tree; that an expression has the type asked of it was settled by the parser. */
class Evaluation implements Scope {
  readonly source: SeriesSource;
  readonly at: EpochMs;
  readonly lookback: DurationMs;
  readonly point: Scope["point"];
  readonly points: Scope["points"];

  constructor(source: SeriesSource, at: EpochMs, lookback: DurationMs) {
    this.source = source;
    this.at = at;
    this.lookback = lookback;
    ({ point: this.point, points: this.points } = scratch());
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
        return aggregate(expr, this.vector(expr.operand));
      case "call":
        return callVector(expr, this);
      case "number":
      case "string":
      case "range":
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

  #negated(operand: Expr, at: Expr): Vector {
    const vector = this.vector(operand);
    const { values } = vector;
    for (let i = 0; i < values.length; i++) values[i] = -values[i]!;
    return dropNames(vector, at);
  }
}
