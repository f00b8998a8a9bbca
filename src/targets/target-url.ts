import querystring from "node:querystring";
import { printable } from "../telemetry/printable.ts";

/** A target's URL taken apart for a request. */
interface TargetUrl {
  readonly origin: string;
  readonly path: string;
  /** Basic authentication, where the URL carries a user. */
  readonly authorization?: string;
}

/** @throws RangeError when the text is not an http or https URL; the message never shows a password. */
export function readTargetUrl(text: string): TargetUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    const shown = printable(withoutUser(text), 200);
    throw new RangeError(
      `Cannot scrape ${JSON.stringify(shown)}: expected an http or https URL, for example "http://gpu-1:8002/metrics"`,
    );
  }
  const path = `${url.pathname}${url.search}`;
  if (url.username === "" && url.password === "") return { origin: url.origin, path };
  const user = `${querystring.unescape(url.username)}:${querystring.unescape(url.password)}`;
  return { origin: url.origin, path, authorization: `Basic ${Buffer.from(user).toString("base64")}` };
}

/** The text without what stands before an "@" in its host part. */
function withoutUser(text: string): string {
  const at = text.lastIndexOf("@");
  const scheme = text.indexOf("//");
  return at === -1 ? text : `${scheme === -1 ? "" : text.slice(0, scheme + 2)}${text.slice(at + 1)}`;
}
