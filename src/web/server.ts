import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type DurationMs, durationMs } from "../series/time.ts";
import { createApp, type WebAddress } from "./app.ts";
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

/** Connections at a time; one more is closed at once. */
const MOST_CONNECTIONS = 512;
const HTTP = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 15_000, maxHeaderSize: 16_384 };
const STREAMS: StreamLimits = { clients: 50, queued: 6_000, heartbeat: durationMs(15_000) };

/**
 * Listens on host and port.
 * @throws Error saying why it cannot
 */
export async function serveWeb(
  ports: WebPorts,
  address: WebAddress,
  limits: Partial<StreamLimits> = {},
): Promise<WebServer> {
  const streams = new Streams(ports.clock, { ...STREAMS, ...limits });
  const server = createServer(HTTP, createApp(ports, address, streams));
  server.maxConnections = MOST_CONNECTIONS;
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
