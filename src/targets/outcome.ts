import { errors } from "undici";
import { codeOf, MAX_HEADER_BYTES, messageOf } from "../http/failure.ts";
import { Unprepared } from "../http/unprepared.ts";

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

/** The outcome of an exchange that ended in an error of undici, the socket, TLS or the name service. */
export function outcomeOf(error: unknown): ScrapeOutcome {
  const code = codeOf(error);
  const why = messageOf(error);
  if (error instanceof Unprepared) return { kind: "unreachable", why: error.message };
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
