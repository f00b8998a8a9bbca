import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import type { z } from "zod";
import { printable } from "../../telemetry/printable.ts";
import { sendError } from "../envelope.ts";

/** Bytes of a body. */
const LIMIT = 16_384;

/** Reads a JSON body of at most 16 kB, uncompressed; anything else is refused by name. */
export function jsonBody(): readonly (RequestHandler | ErrorRequestHandler)[] {
  const parse = express.json({ limit: LIMIT, inflate: false, type: "application/json" });
  const onlyJson: RequestHandler = (request, response, next) => {
    if (request.is("application/json")) return next();
    sendError(
      response,
      "unsupported_media_type",
      'Cannot read this body: expected JSON with "Content-Type: application/json"',
    );
  };
  const refused: ErrorRequestHandler = (error: { readonly status?: unknown }, _request, response, next) => {
    if (error.status === 413) {
      return sendError(response, "too_large", `Cannot read this body: expected ${LIMIT} bytes at most`);
    }
    if (error.status === 415) {
      return sendError(response, "unsupported_media_type", "Cannot read this body: expected UTF-8 without compression");
    }
    if (error.status === 400) return sendError(response, "bad_data", "Cannot read this body: expected valid JSON");
    next(error);
  };
  return [onlyJson, parse, refused];
}

/** Refuses a body where none is expected. */
export const noBody: RequestHandler = (request, response, next) => {
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  if (encoding === undefined && Number(length) === 0) return next();
  response.set("connection", "close");
  sendError(response, "bad_data", "Cannot read this request: expected no body");
};

/** All that is wrong with a body, in one sentence. */
export function bodyMistakes(error: z.ZodError): string {
  const said = error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.slice(0, 5).map((key) => `Cannot use field ${quoted(key)}: there is no such field`);
    }
    const field = issue.path.join(".");
    if (field === "") return ["Cannot use this body: expected a JSON object"];
    if (issue.input === undefined && issue.code === "invalid_type")
      return [`Cannot do without field ${quoted(field)}: ${issue.message}`];
    return [`Cannot use field ${quoted(field)}: ${issue.message}`];
  });
  return said.join("; ");
}

const quoted = (text: string): string => JSON.stringify(printable(text, 100));
