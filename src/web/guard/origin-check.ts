import type { RequestHandler } from "express";
import { printable } from "../../telemetry/printable.ts";
import { sendError } from "../envelope.ts";

/**
 * Lets pages of other origins read and use the API where the configuration names them, and nobody else: browsers keep an
 * answer without these headers from the page that asked.
 */
export function crossOrigin(allowed: ReadonlySet<string>): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers;
    if (allowed.size > 0) response.vary("origin");
    if (origin === undefined || !allowed.has(origin)) return next();
    response.set("access-control-allow-origin", origin);
    if (request.method !== "OPTIONS" || request.headers["access-control-request-method"] === undefined) return next();
    response
      .status(204)
      .set({
        "access-control-allow-methods": "GET, HEAD, POST",
        "access-control-allow-headers": "authorization, content-type, last-event-id",
        "access-control-max-age": "600",
      })
      .end();
  };
}

/**
 * Refuses what a page of another origin asks to be changed. Programs that are no browsers send no Origin.
 * @param allowed origins, as browsers write them: `https://host:port`
 */
export function originCheck(allowed: ReadonlySet<string>): RequestHandler {
  return (request, response, next) => {
    const { origin, host } = request.headers;
    if (origin === undefined || allowed.has(origin) || hostOf(origin) === host?.toLowerCase()) return next();
    const shown = JSON.stringify(printable(origin, 100));
    sendError(response, "forbidden", `Cannot change anything for origin ${shown}: expected our own or an allowed one`);
  };
}

const hostOf = (origin: string): string | undefined => /^https?:\/\/([^/\s]+)$/.exec(origin.toLowerCase())?.[1];
