import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { afterEach } from "vitest";
import type { Clock } from "../../src/series/clock.ts";
import { durationMs, type EpochMs, epochMs } from "../../src/series/time.ts";
import type { WebAddress } from "../../src/web/app.ts";
import type { QueryPort, WebPorts } from "../../src/web/ports.ts";
import { serveWeb, type WebLimits, type WebServer } from "../../src/web/server.ts";
import { sampleQuery } from "./sample-query.ts";

/** The token that the fake site accepts, of "ci". */
export const TOKEN = "0123456789abcdefghij";

const sites: WebServer[] = [];
afterEach(async () => {
  for (const server of sites.splice(0)) await server.close(durationMs(0));
});

/** A clock that stands still until it is told to go on. */
class StoppedClock implements Clock {
  time: EpochMs = epochMs(Date.UTC(2026, 10, 23, 8));
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): EpochMs {
    return this.time;
  }

  setTimer(delay: number, run: () => void): () => void {
    const timer = { at: this.time + delay, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  get timers(): number {
    return this.#timers.size;
  }

  pass(ms: number): void {
    this.time = epochMs(this.time + ms);
    for (const timer of [...this.#timers]) {
      if (timer.at > this.time || !this.#timers.delete(timer)) continue;
      timer.run();
    }
  }
}

interface SiteOptions {
  readonly query?: Partial<QueryPort>;
  readonly ports?: Partial<WebPorts>;
  readonly address?: Partial<WebAddress>;
  readonly limits?: WebLimits;
}

/** A server with made-up ports, closed after the test. */
export async function site({ query, ports, address, limits }: SiteOptions = {}) {
  const bugs: unknown[] = [];
  const clock = new StoppedClock();
  const server = await serveWeb(
    {
      query: { ...sampleQuery, ...query },
      actions: {
        announce: async (announcement, who) => ({
          kind: "done",
          value: {
            model: announcement.model,
            by: who,
            reason: announcement.reason,
            from: "2026-11-23T08:00:00.000Z",
            until: "2026-11-23T09:00:00.000Z",
          },
        }),
        feedback: async (fingerprint, { verdict, note = "" }, who) =>
          fingerprint === "0000000000000000"
            ? {
                verdict: verdict === "expected" ? verdict : `${verdict}`,
                note,
                by: who,
                at: "2026-11-23T08:00:00.000Z",
                did: "up to 31 % is normal",
              }
            : undefined,
        reload: async () => ({ kind: "done", value: { warnings: [] } }),
      },
      stream: { subscribe: () => () => {} },
      auth: {
        check: async (bearer) => (bearer === TOKEN ? { kind: "ok", who: "ci" } : { kind: "refused" }),
      },
      clock,
      runbook: (name) => (name === "TritonModelReloaded" ? "# TritonModelReloaded\n\n**Again** & again.\n" : undefined),
      bugCaught: (error) => void bugs.push(error),
      ...ports,
    },
    { host: "127.0.0.1", port: 0, ...address },
    limits,
  );
  sites.push(server);
  return { bugs, clock, server, ask: (path: string, options: Asking = {}) => ask(server.port, path, options) };
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

/** One request on a connection of its own. */
function ask(port: number, path: string, { method = "GET", headers = {}, body }: Asking = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = {
      connection: "close",
      ...headers,
      ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
    };
    const request = httpRequest({ host: "127.0.0.1", port, path, method, headers: sent, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const all = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: all, text: all.toString() });
      });
    });
    request.on("error", reject).end(body);
  });
}

/** The parsed JSON of an answer. */
export const jsonOf = ({ text }: Got) => JSON.parse(text);
