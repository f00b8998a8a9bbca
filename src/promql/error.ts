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

/** The error for what Prometheus knows and this evaluator does not: a refusal, never a wrong answer. */
export const unsupported = (construct: string, at: Span): PromqlError =>
  new PromqlError(`${construct} is not supported yet`, at);
