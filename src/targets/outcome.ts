import { errors } from "undici";
import { printable } from "../telemetry/printable.ts";

/** What came of one scrape; `kind` is the metric label and the log field. */
export type ScrapeOutcome =
  /** The page is `body[0, length)`; it belongs to the scraper and is valid until the next scrape of its target. */
  | { readonly kind: "body"; readonly body: Uint8Array; readonly length: number }
  | { readonly kind: "unreachable"; readonly why: string }
  | { readonly kind: "too-slow"; readonly why: string }
  | { readonly kind: "too-big"; readonly why: string }
  | { readonly kind: "http-status"; readonly status: number; readonly why: string }
  | { readonly kind: "not-metrics"; readonly why: string }
  | { readonly kind: "internal-error"; readonly why: string };

const MAX_WHY = 200;

/** Bytes of response headers a target may send. */
export const MAX_HEADER_BYTES = 16_384;

/** The outcome of an exchange that ended in an error of undici, the socket, TLS or the name service. */
export function outcomeOf(error: unknown): ScrapeOutcome {
  const code = codeOf(error);
  const why = messageOf(error);
  if (code === "UND_ERR_HEADERS_OVERFLOW") {
    return { kind: "too-big", why: `the response headers exceed the limit of ${MAX_HEADER_BYTES} bytes` };
  }
  if (code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH" || why.includes("Invalid EOF state")) {
    return { kind: "unreachable", why: "the connection ended before the whole page had arrived" };
  }
  if (code === "UND_ERR_SOCKET") return { kind: "unreachable", why: `the connection was lost: ${why}` };
  if (error instanceof errors.HTTPParserError)
    return { kind: "not-metrics", why: `the answer is not HTTP/1.1: ${why}` };
  // Only our own mistakes come without a code, or with one that blames an argument.
  if (code === "" || /^(UND_ERR_INVALID|ERR_INVALID|ERR_ASSERTION)/.test(code)) return { kind: "internal-error", why };
  return { kind: "unreachable", why };
}

/** True where the peer (or the net) let go of a connection, so that another connection may fare better. */
export const isConnectionLost = (error: unknown): boolean =>
  ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"].includes(codeOf(error));

const codeOf = (error: unknown): string => {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
};

function messageOf(error: unknown): string {
  // Where a name has several addresses, the attempts arrive together and only they say anything.
  const first: unknown = error instanceof AggregateError && error.message === "" ? error.errors[0] : error;
  return printable(first instanceof Error ? first.message : String(first), MAX_WHY);
}
