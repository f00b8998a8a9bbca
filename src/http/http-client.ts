import querystring from "node:querystring";
import { Agent, type Dispatcher } from "undici";
import { type DurationMs, durationMs, formatDuration, SECOND } from "../series/time.ts";
import { authorizer } from "./authorization.ts";
import { readBody, readLines } from "./body.ts";
import { Connector } from "./connector.ts";
import { Deadline } from "./deadline.ts";
import { Failed, failureOf, type HttpFailure, isConnectionLost, MAX_HEADER_BYTES } from "./failure.ts";
import type { HttpOptions } from "./options.ts";
import type { HttpReply } from "./reply.ts";
import { Unprepared } from "./unprepared.ts";

/** One request and what it may cost. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD";
  /** http or https; a user and password in it are sent as basic authentication where the options hold none. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** For the whole exchange; of a stream, until its answer begins. */
  readonly timeout: DurationMs;
  /** Bytes of the body, as sent and as inflated; of a stream, of each line. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/** A request whose answer is read line by line for as long as it lasts. */
export interface HttpStreamRequest extends HttpRequest {
  /** How long the peer may say nothing. */
  readonly silence: DurationMs;
}

/** How a stream ended: by the peer, in order, or as a failure. */
type StreamEnd = { readonly kind: "ended" } | HttpFailure;

/** The lines of an answer with status 200; any other answer as a whole. */
export type HttpStream =
  | { readonly kind: "lines"; readonly lines: AsyncGenerator<Buffer, StreamEnd, undefined> }
  | HttpReply;

const CONNECT_TIMEOUT = durationMs(30 * SECOND);
const KEEP_ALIVE = durationMs(30 * SECOND);

/** Speaks HTTP to peers in the way their options say. Follows no redirect, keeps connections, bounds everything it reads. */
export class HttpClient {
  readonly #authorize: ReturnType<typeof authorizer>;
  readonly #userAgent: string;
  readonly #connector: Connector;
  readonly #agent: Agent;

  constructor(options: HttpOptions, userAgent: string) {
    this.#authorize = authorizer(options);
    this.#userAgent = userAgent;
    this.#connector = new Connector(options.tls, CONNECT_TIMEOUT);
    this.#agent = new Agent({
      connect: this.#connector.connect,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE,
      // One deadline rules the whole exchange; the library's own are coarse and would only race it.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Asks and reads the whole answer, whatever its status. Never rejects: what can go wrong outside is a reply. */
  async request(request: HttpRequest): Promise<HttpReply> {
    const deadline = new Deadline(request.timeout, request.signal);
    try {
      return await this.#whole(request, await this.#begin(request, deadline.signal, "gzip"));
    } catch (error) {
      return failureOf(reasonOf(deadline, error));
    } finally {
      deadline.clear();
    }
  }

  /** Asks and hands on the lines of the answer as they come. Rejects as little as `request`; nor do the lines. */
  async stream(request: HttpStreamRequest): Promise<HttpStream> {
    const deadline = new Deadline(request.timeout, request.signal);
    try {
      const response = await this.#begin(request, deadline.signal, "identity");
      if (response.statusCode === 200) {
        deadline.lift();
        return { kind: "lines", lines: linesOf(request, response, deadline) };
      }
      const reply = await this.#whole(request, response);
      deadline.clear();
      return reply;
    } catch (error) {
      deadline.clear();
      return failureOf(reasonOf(deadline, error));
    }
  }

  /** Ends all connections and what is under way on them. */
  async close(): Promise<void> {
    this.#connector.abort();
    await this.#agent.destroy(new Failed({ kind: "aborted", why: "the client was closed" }));
  }

  async #begin(request: HttpRequest, signal: AbortSignal, encoding: string): Promise<Dispatcher.ResponseData> {
    const { origin, path, credentials } = readUrl(request.url);
    const authorize = this.#authorize ?? credentials;
    const authorization = typeof authorize === "function" ? await authorize() : authorize;
    const options = {
      origin,
      path,
      method: request.method,
      headers: {
        "accept-encoding": encoding,
        "user-agent": this.#userAgent,
        ...request.headers,
        ...(authorization !== undefined && { authorization }),
      },
      ...(request.body !== undefined && { body: request.body }),
      signal,
    };
    const attempt = () => this.#agent.request(options);
    // A kept connection may have died of old age. Only what changes nothing is sent again, once.
    const again = request.method === "GET" || request.method === "HEAD";
    return attempt().catch((error: unknown) => {
      if (again && isConnectionLost(error)) return attempt();
      throw error;
    });
  }

  async #whole(request: HttpRequest, response: Dispatcher.ResponseData): Promise<HttpReply> {
    const headers = new Map<string, string>();
    for (const [name, value] of Object.entries(response.headers)) {
      const first = Array.isArray(value) ? value[0] : value;
      if (first !== undefined) headers.set(name.toLowerCase(), first);
    }
    const body = await readBody(response, request.maxBytes);
    return { kind: "answer", status: response.statusCode, headers, body };
  }
}

/** Our own reason for ending an exchange says more than what the library makes of it. */
const reasonOf = ({ signal }: Deadline, error: unknown): unknown => (signal.aborted ? signal.reason : error);

async function* linesOf(
  { silence, maxBytes }: HttpStreamRequest,
  { body }: Dispatcher.ResponseData,
  deadline: Deadline,
): AsyncGenerator<Buffer, StreamEnd, undefined> {
  const silent = new Failed({ kind: "too-slow", why: `nothing was said for ${formatDuration(silence)}` });
  const timer = setTimeout(() => body.destroy(silent), silence);
  async function* heard() {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      timer.refresh();
      yield chunk;
    }
  }
  try {
    yield* readLines(heard(), maxBytes);
    return { kind: "ended" };
  } catch (error) {
    return failureOf(reasonOf(deadline, error));
  } finally {
    clearTimeout(timer);
    deadline.clear();
  }
}

/** @throws Unprepared without showing the URL: tokens are part of many of them. */
function readUrl(text: string): { origin: string; path: string; credentials: string | undefined } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new Unprepared('Cannot use the URL: expected an http or https URL, for example "https://example.com/hook"');
  }
  const user = `${querystring.unescape(url.username)}:${querystring.unescape(url.password)}`;
  const credentials = user === ":" ? undefined : `Basic ${Buffer.from(user).toString("base64")}`;
  return { origin: url.origin, path: `${url.pathname}${url.search}`, credentials };
}
