import type { Response } from "express";

/** Prometheus' error types, with some of our own where it has none, and the status each goes with. */
export const ERROR_STATUS = {
  bad_data: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  too_large: 413,
  unsupported_media_type: 415,
  execution: 422,
  too_many_requests: 429,
  internal: 500,
  timeout: 503,
  unavailable: 503,
} as const;

export type ErrorType = keyof typeof ERROR_STATUS;

/** What the data of an answer should be read with, as Prometheus tells it. */
interface AnswerNotes {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** What a request comes to: the data asked for, or why there is none. */
export type Answer<T> =
  | ({ readonly kind: "data"; readonly data: T } & AnswerNotes)
  | { readonly kind: ErrorType; readonly why: string };

export const data = <T>(found: T): Answer<T> => ({ kind: "data", data: found });

/** Answers in Prometheus' envelope. */
export function sendAnswer<T>(response: Response, answer: Answer<T>): void {
  if (answer.kind !== "data") {
    sendError(response, answer.kind, answer.why);
    return;
  }
  const { data, warnings = [], infos = [] } = answer;
  response.json({
    status: "success",
    data,
    ...(warnings.length > 0 && { warnings }),
    ...(infos.length > 0 && { infos }),
  });
}

/** Answers with Prometheus' error envelope. */
export function sendError(response: Response, errorType: ErrorType, error: string): void {
  response.status(ERROR_STATUS[errorType]).json({ status: "error", errorType, error });
}

/** Answers with plain text. */
export function sendText(response: Response, status: number, text: string): void {
  response.status(status).type("text/plain; charset=utf-8").send(text);
}
