import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type DurationMs, durationMs, MINUTE, SECOND } from "../series/time.ts";
import { createApp, type WebAddress } from "./app.ts";
import { type ConnectionLimits, Connections } from "./guard/connection-limits.ts";
import type { WebPorts } from "./ports.ts";
import { type StreamLimits, Streams } from "./streams.ts";

/** A server that listens. */
export interface WebServer {
  /** The port it has, also where the system chose it. */
  readonly port: number;
  /** Takes no more requests, ends streams, and lets requests under way finish, for at most `grace`. */
  close(grace: DurationMs): Promise<void>;
}

const REASONS = new Map([
  ["EADDRINUSE", "another program listens there"],
  ["EADDRNOTAVAIL", "this machine does not have that address"],
  ["EACCES", "this user may not use that port"],
  ["ENOTFOUND", "there is no such host"],
]);

const CONNECTIONS: ConnectionLimits = { connections: 512, ofOneClient: 64, untaken: 67_108_864 };
const HTTP = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 15_000, maxHeaderSize: 16_384 };
const STREAMS: StreamLimits = { clients: 50, queued: 6_000, heartbeat: durationMs(15_000) };
const ANSWERS: AnswerLimits = { stalled: durationMs(30 * SECOND), whole: durationMs(5 * MINUTE) };

/** How long a client may take to read an answer; streams of events have bounds of their own. */
interface AnswerLimits {
  /** Without taking anything. */
  readonly stalled: DurationMs;
  /** To the end. */
  readonly whole: DurationMs;
}

/** What clients may cost. */
export type WebLimits = Partial<StreamLimits & ConnectionLimits & AnswerLimits>;

/**
 * Listens on host and port.
 * @throws Error saying why it cannot
 */
export async function serveWeb(ports: WebPorts, address: WebAddress, limits: WebLimits = {}): Promise<WebServer> {
  const streams = new Streams(ports.clock, { ...STREAMS, ...limits });
  const app = createApp(ports, address, streams);
  const { stalled, whole } = { ...ANSWERS, ...limits };
  const server = createServer(HTTP, (request, response) => {
    connections.relieve();
    const cancel = ports.clock.setTimer(whole, () => streams.has(response) || response.destroy());
    response.on("close", cancel);
    app(request, response);
  });
  const connections = new Connections(server, { ...CONNECTIONS, ...limits });
  // A connection on which nothing goes in either direction is closed.
  server.setTimeout(stalled);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = REASONS.get(error.code ?? "") ?? error.message;
      reject(new Error(`Cannot listen on ${address.host}:${address.port}: ${why}`, { cause: error }));
    });
    server.listen(address.port, address.host, resolve);
  });
  let closing = false;
  server.on("request", (_request, response) => {
    // A request that ends while closing must not keep its connection waiting for another; it is idle a moment after.
    response.on("close", () => closing && setImmediate(() => server.closeIdleConnections()));
  });
  const close = async (grace: DurationMs) => {
    closing = true;
    const closed = new Promise((resolve) => server.close(resolve));
    streams.close();
    server.closeIdleConnections();
    const end = setTimeout(() => server.closeAllConnections(), grace);
    await closed;
    clearTimeout(end);
  };
  return { port: (server.address() as AddressInfo).port, close };
}
