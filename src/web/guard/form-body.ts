import express, { type ErrorRequestHandler, type Request, type RequestHandler } from "express";
import { sendError } from "../envelope.ts";

/** Bytes of a body, and fields in it. */
const LIMIT = 16_384;
const MOST_FIELDS = 500;
const FORM = "application/x-www-form-urlencoded";

/** Reads parameters sent as a form of at most 16 kB, uncompressed; no body at all is an empty form. */
export function formBody(): readonly (RequestHandler | ErrorRequestHandler)[] {
  const parse = express.urlencoded({ extended: false, limit: LIMIT, inflate: false, parameterLimit: MOST_FIELDS });
  const onlyForm: RequestHandler = (request, response, next) => {
    if (request.is(FORM) || isEmpty(request)) return next();
    sendError(
      response,
      "unsupported_media_type",
      `Cannot read this body: expected a form with "Content-Type: ${FORM}"`,
    );
  };
  const refused: ErrorRequestHandler = (error: { readonly status?: unknown }, _request, response, next) => {
    if (error.status === 413) {
      return sendError(
        response,
        "too_large",
        `Cannot read this body: expected ${LIMIT} bytes and ${MOST_FIELDS} fields at most`,
      );
    }
    if (error.status === 415) {
      return sendError(response, "unsupported_media_type", "Cannot read this body: expected UTF-8 without compression");
    }
    next(error);
  };
  return [onlyForm, parse, refused];
}

const isEmpty = ({ headers }: Request): boolean =>
  headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0;
