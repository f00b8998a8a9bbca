import { printable } from "../telemetry/printable.ts";
import type { HttpReply } from "./reply.ts";
import { Unprepared } from "./unprepared.ts";

/** A reply that is none: why there was no answer. */
export type HttpFailure = Exclude<HttpReply, { readonly kind: "answer" }>;

/** Bytes of response headers a peer may send. */
export const MAX_HEADER_BYTES = 16_384;

const MAX_WHY = 200;

/** Carries a failure that is already known through whatever throws it on. */
export class Failed extends Error {
  readonly failure: HttpFailure;

  constructor(failure: HttpFailure) {
    super(failure.why);
    this.failure = failure;
  }
}

/** The failure that an error of undici, the socket, TLS, the name service or ours stands for. */
export function failureOf(error: unknown): HttpFailure {
  if (error instanceof Failed) return error.failure;
  if (error instanceof Unprepared) return { kind: "unprepared", why: error.message };
  if (codeOf(error) === "UND_ERR_HEADERS_OVERFLOW") {
    return { kind: "too-big", why: `the response headers exceed the limit of ${MAX_HEADER_BYTES} bytes` };
  }
  const why = messageOf(error);
  if (codeOf(error) === "UND_ERR_SOCKET") return { kind: "unreachable", why: `the connection was lost: ${why}` };
  return { kind: "unreachable", why };
}

/** True where the peer (or the net) let go of a connection, so that another connection may fare better. */
export const isConnectionLost = (error: unknown): boolean =>
  ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"].includes(codeOf(error));

/** The code of an error of Node or undici; "" where it has none. */
export const codeOf = (error: unknown): string => {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
};

/** What an error says, fit for a log line. */
export function messageOf(error: unknown): string {
  // Where a name has several addresses, the attempts arrive together and only they say anything.
  const first: unknown = error instanceof AggregateError && error.message === "" ? error.errors[0] : error;
  return printable(first instanceof Error ? first.message : String(first), MAX_WHY);
}
