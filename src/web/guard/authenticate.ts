import type { Request, RequestHandler, Response } from "express";
import { sendError } from "../envelope.ts";
import type { AuthPort } from "../ports.ts";
import type { FailedTries } from "./failed-tries.ts";

const DISABLED = "Cannot change anything here: no API tokens are configured (web.api_tokens_file)";
const MISSING = 'Cannot change anything without a token: expected the header "Authorization: Bearer <token>"';
const REFUSED = "Cannot accept this token: expected one of web.api_tokens_file";
const TOO_OFTEN = "Cannot accept this token: too many wrong ones came from this address, try again in a minute";
/** Longer tokens are none. */
const LONGEST_TOKEN = 1_000;

/** Lets requests through that carry a token, and notes whose it is in `response.locals`. */
export function authenticate(auth: AuthPort, tries: FailedTries): RequestHandler {
  return async (request, response, next) => {
    const address = request.socket.remoteAddress ?? "";
    const token = bearerOf(request);
    const found = await auth.check(token);
    if (found.kind === "disabled") return sendError(response, "forbidden", DISABLED);
    if (found.kind === "ok") {
      response.locals["who"] = found.who;
      return next();
    }
    // Who sends wrong ones must not lock out who has a right one and comes from the same address, through a proxy say.
    if (token !== undefined && tries.tooMany(address)) {
      response.set("retry-after", "60");
      return sendError(response, "too_many_requests", TOO_OFTEN);
    }
    if (token !== undefined) tries.add(address);
    response.set("www-authenticate", 'Bearer realm="triton-sentinel"');
    sendError(response, "unauthorized", token === undefined ? MISSING : REFUSED);
  };
}

/** Whose token a request carried; "" where none was asked for. */
export function whoOf(response: Response): string {
  const who: unknown = response.locals["who"];
  return typeof who === "string" ? who : "";
}

function bearerOf(request: Request): string | undefined {
  const [, token] = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? "") ?? [];
  return token === undefined || token.length > LONGEST_TOKEN ? undefined : token;
}
