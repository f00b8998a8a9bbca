import { isIP } from "node:net";
import type { RequestHandler } from "express";
import { printable } from "../telemetry/printable.ts";
import { sendError } from "./envelope.ts";

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Refuses requests under a name that is not ours. A page on the Internet can have its own name point to 127.0.0.1 and so read
 * what listens there (DNS rebinding); the Host header gives it away. Only a server bound to the loopback needs this: others
 * are reachable anyway and are guarded by other means.
 * @param external the host (without port) under which a proxy makes us known
 */
export function hostCheck(bind: string, external: string | undefined): RequestHandler {
  if (!isLoopback(bind)) return (_request, _response, next) => next();
  const allowed = new Set([...LOCAL, bracketed(bind), ...(external === undefined ? [] : [external.toLowerCase()])]);
  return (request, response, next) => {
    const host = hostnameOf(request.headers.host ?? "");
    if (allowed.has(host)) return next();
    sendError(
      response,
      "forbidden",
      `Cannot answer for host ${JSON.stringify(printable(host, 100))}: expected ${LOCAL.join(", ")} or the host of the external URL`,
    );
  };
}

/** True for an address that only this machine reaches. */
function isLoopback(bind: string): boolean {
  return bind === "localhost" || bind === "::1" || (isIP(bind) === 4 && bind.startsWith("127."));
}

const bracketed = (bind: string): string => (isIP(bind) === 6 ? `[${bind}]` : bind);

/** The host part of a Host header in lower case, without its port. */
const hostnameOf = (header: string): string => header.replace(/:\d*$/, "").toLowerCase();
