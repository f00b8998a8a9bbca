import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { sendError } from "./envelope.ts";
import { FailedTries } from "./guard/failed-tries.ts";
import { hostCheck } from "./guard/host-check.ts";
import { crossOrigin, originCheck } from "./guard/origin-check.ts";
import type { WebPorts } from "./ports.ts";
import { registerRoutes } from "./register.ts";
import { routeTable } from "./routes/index.ts";
import type { Streams } from "./streams.ts";

/** Where the server is reachable, and for whom. */
export interface WebAddress {
  /** The address it is bound to. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The host under which others know it, where a proxy stands before it. */
  readonly externalHost?: string;
  /** Further names it answers to. Where it is not bound to the loopback, naming any has all others refused. */
  readonly allowedHosts?: readonly string[];
  /** Origins whose pages may use the API, as browsers write them: `https://grafana.example:3000`. */
  readonly allowedOrigins?: readonly string[];
}

/** The web side as an express application: metrics, health, the API and the pages. */
export function createApp(ports: WebPorts, address: WebAddress, streams: Streams): Express {
  const { host, externalHost, allowedHosts = [], allowedOrigins = [] } = address;
  const external = externalHost === undefined ? [] : [externalHost.toLowerCase()];
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", "simple").enable("case sensitive routing");
  app.use(securityHeaders, hostCheck(host, external, allowedHosts), crossOrigin(new Set(allowedOrigins)));
  const ownOrigins = external.flatMap((name) => [`https://${name}`, `http://${name}`]);
  registerRoutes(app, routeTable(streams), ports, {
    origin: originCheck(new Set([...allowedOrigins, ...ownOrigins])),
    tries: new FailedTries(() => ports.clock.now()),
  });
  app.use((_request, response) => sendError(response, "not_found", "Cannot find this path: see / for what there is"));
  app.use(onError(ports));
  return app;
}

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    "content-security-policy":
      "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
  });
  next();
};

/** The last stop of a request that went wrong: a client's mistake is told, one of ours is counted and not described. */
function onError(ports: WebPorts): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const status: unknown = error instanceof Error && "status" in error ? error.status : undefined;
    const theirs = typeof status === "number" && status < 500;
    if (!theirs) ports.bugCaught(error);
    if (response.headersSent) return next(error);
    if (theirs) sendError(response, "bad_data", "Cannot read this request: expected a path in valid percent-encoding");
    else sendError(response, "internal", "Cannot answer: an internal error, see the log");
  };
}
