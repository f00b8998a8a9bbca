import { isIP } from "node:net";
import type { RequestHandler } from "express";
import { printable } from "../../telemetry/printable.ts";
import { sendError } from "../envelope.ts";

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Refuses requests under a name that is not ours. A page on the Internet can have its own name point to 127.0.0.1 and so read
 * what listens there (DNS rebinding); the Host header gives it away. A server bound to the loopback always checks; others are
 * reachable anyway and do so where the configuration names the hosts.
 * @param external hosts under which a proxy makes us known; a port in them is of no importance
 * @param named hosts of the configuration
 */
export function hostCheck(bind: string, external: readonly string[], named: readonly string[]): RequestHandler {
  if (!isLoopback(bind) && named.length === 0) return (_request, _response, next) => next();
  const allowed = new Set([...LOCAL, bracketed(bind), ...[...external, ...named].map(hostnameOf)]);
  return (request, response, next) => {
    const host = hostnameOf(request.headers.host ?? "");
    if (allowed.has(host)) return next();
    sendError(
      response,
      "forbidden",
      `Cannot answer for host ${JSON.stringify(printable(host, 100))}: expected ${LOCAL.join(", ")}, the host of the external URL or one of web.allowed_hosts`,
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
