import { type Dispatcher, Pool } from "undici";
import { authorizer } from "../http/authorization.ts";
import { Connector } from "../http/connector.ts";
import { isConnectionLost, MAX_HEADER_BYTES } from "../http/failure.ts";
import type { HttpOptions, TlsOptions } from "../http/options.ts";
import { type DurationMs, formatDuration, MINUTE } from "../series/time.ts";
import { Exchange, type ExchangeEnd } from "./exchange.ts";
import { outcomeOf, type ScrapeOutcome } from "./outcome.ts";
import { PageBuffer } from "./page-buffer.ts";
import { readTargetUrl } from "./target-url.ts";

/** Where a page is fetched and what it may cost. */
export interface ScrapeTarget {
  /** http or https; a user and password in it are sent as basic authentication and shown nowhere. */
  readonly url: string;
  /** For the whole exchange: connecting, headers, body, inflating. */
  readonly timeout: DurationMs;
  /** Bytes of the body, as sent and as inflated. */
  readonly bodySizeLimit: number;
  /** TLS and authentication; the latter goes before what the URL says. */
  readonly http?: HttpOptions;
}

/** Longer than any sensible scrape interval, so that a target costs one connection and not one a scrape. */
const KEEP_ALIVE = 5 * MINUTE;

/** Fetches the page of one target, again and again, over one kept connection. One scrape at a time. */
export class Scraper {
  readonly #target: ScrapeTarget;
  readonly #origin: string;
  readonly #request: Dispatcher.DispatchOptions & { readonly headers: Readonly<Record<string, string>> };
  /** The Authorization header, or who reads it anew for each scrape. */
  readonly #authorize: ReturnType<typeof authorizer>;
  readonly #page = new PageBuffer();
  #connection: Connection | undefined;
  #exchange: Exchange | undefined;
  #finish: ((outcome: ScrapeOutcome) => void) | undefined;
  #retired = false;

  /** @throws RangeError when the URL is not an http or https URL. */
  constructor(target: ScrapeTarget, userAgent: string) {
    const { origin, path, authorization } = readTargetUrl(target.url);
    this.#target = target;
    this.#authorize = authorizer(target.http ?? {}) ?? authorization;
    this.#origin = origin;
    this.#request = {
      path,
      method: "GET",
      headers: {
        accept: "text/plain;version=0.0.4;q=1,*/*;q=0.1",
        "accept-encoding": "gzip",
        "user-agent": userAgent,
        "x-prometheus-scrape-timeout-seconds": String(target.timeout / 1000),
        ...(typeof this.#authorize === "string" && { authorization: this.#authorize }),
      },
    };
  }

  /** Fetches the page. Never rejects: what can go wrong outside is an outcome. */
  scrape(): Promise<ScrapeOutcome> {
    if (this.#finish !== undefined) throw new Error("Cannot start a scrape while another of the same target runs");
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        const why = `no whole page within ${formatDuration(this.#target.timeout)}`;
        // Whatever hangs, a name look-up, a handshake, a trickling body, goes with the connection.
        void this.#drop({ kind: "too-slow", why });
      }, this.#target.timeout);
      this.#finish = (outcome) => {
        clearTimeout(deadline);
        this.#finish = undefined;
        resolve(outcome);
        if (this.#retired) void this.close();
      };
      this.#begin();
    });
  }

  /** Ends the connection as soon as no scrape is under way. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (this.#finish === undefined) await this.close();
  }

  /** Ends the connection, and what is under way on it. */
  async close(): Promise<void> {
    await this.#drop({ kind: "unreachable", why: "the scrape was called off" });
  }

  #begin(): void {
    if (typeof this.#authorize !== "function") {
      this.#attempt(this.#request, true);
      return;
    }
    // The deadline may end the scrape while the secret is being read.
    const finish = this.#finish;
    this.#authorize().then(
      (authorization) => {
        if (this.#finish !== finish) return;
        this.#attempt({ ...this.#request, headers: { ...this.#request.headers, authorization } }, true);
      },
      (error: unknown) => {
        if (this.#finish === finish) finish?.(outcomeOf(error));
      },
    );
  }

  #attempt(request: Dispatcher.DispatchOptions, mayRepeat: boolean): void {
    this.#connection ??= new Connection(this.#origin, this.#target.http?.tls);
    const connection = this.#connection;
    const connects = connection.connects;
    const onEnd = (end: ExchangeEnd) => {
      if (end.ended === "outcome") return this.#finish?.(end.outcome);
      // A kept connection may have died of old age; only a request that met one is sent again, once.
      const kept = connects > 0 && connection.connects === connects;
      if (mayRepeat && kept && !end.answered && isConnectionLost(end.error)) return this.#attempt(request, false);
      this.#finish?.(outcomeOf(end.error));
    };
    this.#page.clear();
    this.#exchange = new Exchange(this.#page, this.#target.bodySizeLimit, onEnd);
    connection.pool.dispatch(request, this.#exchange);
  }

  /** Ends the connection whatever state it is in, and a scrape under way with the given outcome. */
  async #drop(outcome: ScrapeOutcome): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#exchange?.abandon();
    this.#finish?.(outcome);
    await connection?.destroy();
  }
}

/** A pool of one connection that can be ended in any state, also while it is being made. */
class Connection {
  readonly pool: Pool;
  readonly #connector: Connector;

  constructor(origin: string, tls: TlsOptions | undefined) {
    this.#connector = new Connector(tls, 0);
    this.pool = new Pool(origin, {
      connections: 1,
      pipelining: 1,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE,
      // One deadline rules the whole exchange; the library's own are coarse and would only race it.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: this.#connector.connect,
    });
  }

  /** How often a connection was made, or begun. */
  get connects(): number {
    return this.#connector.begun;
  }

  async destroy(): Promise<void> {
    this.#connector.abort();
    await this.pool.destroy();
  }
}
