import type { Response } from "express";

/** Prometheus' error types as far as we answer with them, and the status each goes with. */
const STATUS = {
  bad_data: 400,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  internal: 500,
} as const;

type ErrorType = keyof typeof STATUS;

/** Answers with Prometheus' error envelope. */
export function sendError(response: Response, errorType: ErrorType, error: string): void {
  response.status(STATUS[errorType]).json({ status: "error", errorType, error });
}
