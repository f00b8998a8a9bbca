import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from "express";
import { sendError } from "./envelope.ts";
import { hostCheck } from "./host-check.ts";
import type { WebPorts } from "./ports.ts";
import { startPage } from "./start-page.ts";

const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
const TEXT_TYPE = "text/plain; charset=utf-8";

const gzipped = promisify(gzip);

/** Where the server is reachable. */
export interface WebAddress {
  /** The address it is bound to. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The host under which others know it, where a proxy stands before it. */
  readonly externalHost?: string;
}

/** The web side as an express application: /metrics, /-/healthy, /-/ready and a start page. */
export function createApp(ports: WebPorts, address: WebAddress): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.use(securityHeaders, hostCheck(address.host, address.externalHost));
  get(app, "/", (_request, response) => {
    response.type("html").send(startPage(ports.page.version));
  });
  get(app, "/metrics", async (request, response) => {
    const page = Buffer.from(await ports.query.metrics());
    // What an intermediary keeps for one client must not reach another that cannot inflate it.
    response.vary("accept-encoding").type(METRICS_TYPE);
    if (request.acceptsEncodings("gzip", "identity") !== "gzip") return void response.send(page);
    response.set("content-encoding", "gzip").send(await gzipped(page, { level: constants.Z_BEST_SPEED }));
  });
  get(app, "/-/healthy", (_request, response) => {
    sendText(response, 200, "triton-sentinel is Healthy.\n");
  });
  get(app, "/-/ready", (_request, response) => {
    if (ports.query.ready()) sendText(response, 200, "triton-sentinel is Ready.\n");
    else sendText(response, 503, "Service Unavailable");
  });
  app.use((_request, response) => sendError(response, "not_found", "Cannot find this path: see / for what there is"));
  app.use(onError(ports));
  return app;
}

/** Answers GET and HEAD; any other method is refused by name. */
function get(app: Express, path: string, handler: RequestHandler): void {
  app
    .route(path)
    .get(handler)
    .all((_request, response) => {
      response.set("allow", "GET, HEAD");
      sendError(response, "method_not_allowed", "Cannot use this method here: expected GET");
    });
}

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
  });
  next();
};

function sendText(response: Response, status: number, text: string): void {
  response.status(status).type(TEXT_TYPE).send(text);
}

/** The last stop of a request that went wrong: a client's mistake is told, one of ours is counted and not described. */
function onError(ports: WebPorts): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const status: unknown = error instanceof Error && "status" in error ? error.status : undefined;
    const theirs = typeof status === "number" && status < 500;
    if (!theirs) ports.bugCaught(error);
    if (response.headersSent) return next(error);
    if (theirs) sendError(response, "bad_data", "Cannot read this request");
    else sendError(response, "internal", "Cannot answer: an internal error, see the log");
  };
}
