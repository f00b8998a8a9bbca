import type { HttpRequest } from "../http/http-client.ts";
import type { HttpReply } from "../http/reply.ts";
import { type DurationMs, durationMs } from "../series/time.ts";
import type { Outcome } from "./output.ts";
import { inPlainWords } from "./plain-words.ts";

/** What an output needs of an HTTP client. */
export interface HttpPort {
  request(request: HttpRequest): Promise<HttpReply>;
  close(): Promise<void>;
}

/** Nobody needs more of an answer than its first words, but a long one is still an answer. */
export const MAX_ANSWER = 1_048_576;

/** Statuses below 500 that say nothing against the message: too slow, too early, too many. */
const NOT_NOW: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * What a reply to a delivery means: 2xx is sent; 408, 425, 429, 5xx and no answer at all may go another time; the rest is
 * refused for good.
 * @param who how the receiver is called in a `why`
 * @param said what the receiver gave as the reason, fit for a line; "" where nothing
 */
export function outcomeOf(reply: HttpReply, who: string, said = ""): Outcome {
  if (reply.kind !== "answer") return { kind: "later", why: inPlainWords(reply.why) };
  const { status } = reply;
  if (status >= 200 && status < 300) return { kind: "sent" };
  const moved = status >= 300 && status < 400 ? "; redirects are not followed" : "";
  const why = `${who} answered ${status}${said === "" ? "" : `: ${said}`}${moved}`;
  if (status < 500 && !NOT_NOW.has(status)) return { kind: "never", why };
  const after = retryAfter(reply.headers);
  return { kind: "later", why, ...(after !== undefined && { after }) };
}

/** Reads `Retry-After`; a date in it is understood by the clock of the receiver, who sends it with the answer. */
function retryAfter(headers: ReadonlyMap<string, string>): DurationMs | undefined {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return durationMs(Number(text) * 1000);
  const wait = Date.parse(text) - Date.parse(headers.get("date") ?? "");
  return wait >= 0 ? durationMs(wait) : undefined;
}
