import type { NodemailerError } from "nodemailer";
import { type DurationMs, formatDuration } from "../series/time.ts";
import { inPlainWords } from "./plain-words.ts";
import { redacted } from "./redact.ts";

/** Replies that are about us, not about the mail: log in first, the login is wrong, TLS is needed, out of step. */
const ABOUT_US: ReadonlySet<number> = new Set([421, 454, 503, 523, 524, 525, 530, 534, 535, 538]);

/** Whether a mail may go another time: the server is in trouble or out of reach. False where it refuses the mail for good. */
export function mayGoLater(error: NodemailerError): boolean {
  if (error.code !== "EENVELOPE" && error.code !== "EMESSAGE") return true;
  // Without a reply it was nodemailer that refused: the mail is larger than the server takes, or an address is none.
  const code = error.responseCode;
  return code !== undefined && (code < 500 || ABOUT_US.has(code));
}

/**
 * Why a mail was not sent, without secrets. A server's answer to a login may repeat it, so only its number is told.
 * @param timeout how long the server had to answer
 */
export function whyNotSent(error: NodemailerError, secrets: readonly string[], timeout: DurationMs): string {
  if (error.code === "EAUTH") {
    const code = error.responseCode === undefined ? "" : ` with ${error.responseCode}`;
    return `the mail server refuses the login${code}`;
  }
  if (error.code === "ETIMEDOUT") {
    return `no answer of the mail server within ${formatDuration(timeout)}: ${redacted(error.message, secrets)}`;
  }
  const said = redacted(error.response ?? inPlainWords(error.message), secrets);
  if (refusesTls(error)) {
    return `the mail server does not take STARTTLS: ${said}; only require_tls: false sends to it without encryption`;
  }
  return said;
}

/** Whether the server answers the wish for encryption with no. */
const refusesTls = ({ code, response, command }: NodemailerError): boolean =>
  response !== undefined &&
  ((code === "ETLS" && command === "STARTTLS") || (code === "ECONNECTION" && command === "EHLO"));
