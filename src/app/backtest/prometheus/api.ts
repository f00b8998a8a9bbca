import { HttpClient } from "../../../http/http-client.ts";
import type { HttpOptions } from "../../../http/options.ts";
import type { HttpReply } from "../../../http/reply.ts";
import type { Clock } from "../../../series/clock.ts";
import { type DurationMs, durationMs, MINUTE, SECOND } from "../../../series/time.ts";
import { printable } from "../../../telemetry/printable.ts";
import { UserMistake } from "../../user-mistake.ts";
import { Unreachable } from "../history.ts";

/** Bytes of one answer: three times what a chunk should have, and what is read in some seconds whatever is in it. */
const MOST_BYTES = 64 * 1024 * 1024;
const TIMEOUT = durationMs(2 * MINUTE);
/** Waits before each further attempt, where the server gives no wait of its own. */
const WAITS: readonly DurationMs[] = [1, 2, 4, 8, 16].map((n) => durationMs(n * SECOND));
const LONGEST_WAIT = MINUTE;
/** Characters shown of what a server says. */
const MOST_SHOWN = 500;

/** Where a Prometheus-compatible server is, and how it is asked. */
export interface PrometheusAccess {
  readonly url: string;
  readonly http: HttpOptions;
  readonly headers: Readonly<Record<string, string>>;
  readonly userAgent: string;
}

/** What a request came to. `too-much`: the answer is too big, or the server says that the question is. */
export type ApiAnswer =
  | { readonly kind: "data"; readonly data: unknown }
  | { readonly kind: "too-much"; readonly why: string };

/** The HTTP API of Prometheus, or of whatever speaks like it; waits and asks again where the server is busy. */
export class PrometheusApi {
  readonly #client: HttpClient;
  readonly #base: string;
  readonly #access: PrometheusAccess;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  /** Once it answered it is there, and a failure may pass. */
  #answered = false;

  /** @param signal calls off what is under way, waits too */
  constructor(access: PrometheusAccess, clock: Clock, signal: AbortSignal) {
    this.#access = access;
    this.#base = access.url.replace(/\/+$/, "");
    this.#client = new HttpClient(access.http, access.userAgent);
    this.#clock = clock;
    this.#signal = signal;
  }

  /**
   * Asks a path below `/api/v1/`. @param maxBytes of the answer
   * @throws UserMistake where the server refuses; Unreachable where it does not answer, or was called off
   */
  async ask(
    path: string,
    fields: readonly (readonly [name: string, value: string])[],
    maxBytes = MOST_BYTES,
  ): Promise<ApiAnswer> {
    for (let attempt = 0; ; attempt++) {
      const reply = await this.#client.request({
        method: "POST",
        url: `${this.#base}/api/v1/${path}`,
        headers: { "content-type": "application/x-www-form-urlencoded", ...this.#access.headers },
        body: formOf(fields),
        timeout: TIMEOUT,
        maxBytes,
        signal: this.#signal,
      });
      this.#answered ||= reply.kind === "answer";
      if (reply.kind === "too-big") return { kind: "too-much", why: reply.why };
      const wait = this.#mayPass(reply) ? WAITS[attempt] : undefined;
      if (wait === undefined) return this.#settle(reply);
      await this.#sleep(durationMs(Math.min(LONGEST_WAIT, waitOf(reply) ?? wait)));
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #mayPass(reply: HttpReply): boolean {
    if (reply.kind === "answer") {
      // 503 is also what Prometheus says of a query that took too long: asking for less may help, asking again will not.
      return (
        reply.status === 429 || (reply.status >= 500 && tooMuch(reply.status, reply.body.toString()) === undefined)
      );
    }
    return this.#answered && (reply.kind === "unreachable" || reply.kind === "too-slow");
  }

  #settle(reply: HttpReply): ApiAnswer {
    if (reply.kind === "unprepared") throw new UserMistake(reply.why);
    if (reply.kind === "too-slow") return { kind: "too-much", why: reply.why };
    if (reply.kind !== "answer") throw new Unreachable(`Cannot reach ${this.#shown}: ${printable(reply.why)}`);
    const text = reply.body.toString();
    const envelope = read(text);
    if (reply.status === 200 && envelope?.["status"] === "success") return { kind: "data", data: envelope["data"] };
    const error = envelope?.["error"];
    const said = printable(typeof error === "string" ? error : text.trim(), MOST_SHOWN);
    const much = tooMuch(reply.status, said);
    if (much !== undefined) return { kind: "too-much", why: much };
    const why = `${this.#shown} answered ${reply.status}${said === "" ? "" : `: ${said}`}`;
    if (reply.status >= 500 || reply.status === 429) throw new Unreachable(`Cannot read history: ${why}`);
    throw new UserMistake(`Cannot read history: ${why}`);
  }

  /** The server without what is secret in its URL. */
  get #shown(): string {
    const { protocol, host, pathname } = new URL(this.#base);
    return printable(`${protocol}//${host}${pathname === "/" ? "" : pathname}`);
  }

  #sleep(delay: DurationMs): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        takeBack();
        this.#signal.removeEventListener("abort", done);
        resolve();
      };
      const takeBack = this.#clock.setTimer(delay, done);
      this.#signal.addEventListener("abort", done);
      if (this.#signal.aborted) done();
    });
  }
}

const formOf = (fields: readonly (readonly [name: string, value: string])[]): string => {
  const form = new URLSearchParams();
  for (const [name, value] of fields) form.append(name, value);
  return form.toString();
};

/** What servers say where a query reads or gives too much. */
const LIMITS = /too many samples|exceeded maximum resolution|query timed out|limit|too large|too many/i;

function tooMuch(status: number, said: string): string | undefined {
  const limited = status === 413 || ((status === 422 || status === 400 || status === 503) && LIMITS.test(said));
  return limited ? printable(said, MOST_SHOWN) : undefined;
}

function waitOf(reply: HttpReply): number | undefined {
  const seconds = reply.kind === "answer" ? Number(reply.headers.get("retry-after")) : Number.NaN;
  return Number.isFinite(seconds) && seconds > 0 ? seconds * SECOND : undefined;
}

function read(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value of JSON is an object. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
