/** Where in an expression's text something stands: UTF-16 offsets, `to` exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A mistake in an expression, found while parsing or evaluating it; `from` and `to` point into its text. */
export class PromqlError extends Error {
  readonly from: number;
  readonly to: number;

  constructor(message: string, at: Span) {
    super(message);
    this.name = "PromqlError";
    this.from = at.from;
    this.to = at.to;
  }
}

/** Why a construct is refused that Prometheus knows. */
export type Refusal = "experimental" | "native histograms";

const REASONS: Readonly<Record<Refusal, string>> = {
  experimental: "it is experimental in Prometheus",
  "native histograms": "it is for native histograms, which are not kept",
};

/** A construct that Prometheus knows and this evaluator does not: a refusal, never a wrong answer. */
export class UnsupportedError extends PromqlError {
  readonly reason: Refusal;

  constructor(construct: string, reason: Refusal, at: Span) {
    super(`${construct} is not supported: ${REASONS[reason]}`, at);
    this.reason = reason;
  }
}

/** An evaluation that was given up because it reached one of its bounds. */
export class LimitError extends PromqlError {
  readonly limit: "samples" | "steps" | "time";

  constructor(limit: LimitError["limit"], message: string, at: Span) {
    super(message, at);
    this.limit = limit;
  }
}
