import type { Notification } from "../alerts/outgoing.ts";
import { secretText } from "../http/secret-text.ts";
import { type HttpPort, MAX_ANSWER, outcomeOf } from "./http-outcome.ts";
import type { WebhookOptions } from "./options.ts";
import type { Outcome, Output } from "./output.ts";
import { inPlainWords } from "./plain-words.ts";
import { tryToRead } from "./prepared.ts";
import { httpSecrets, redacted, urlSecrets } from "./redact.ts";
import { webhookPayload } from "./webhook-payload.ts";

/** One webhook. Its address is a secret that is read anew for each message. */
export class WebhookOutput implements Output<Notification> {
  readonly kind = "webhook";
  readonly name: string;
  readonly #options: WebhookOptions;
  readonly #http: HttpPort;

  constructor(options: WebhookOptions, http: HttpPort) {
    this.name = options.name;
    this.#options = options;
    this.#http = http;
  }

  async send(notification: Notification, signal: AbortSignal): Promise<Outcome> {
    const { url: source, maxAlerts, timeout } = this.#options;
    const found = await tryToRead(secretText(source));
    if (found.kind === "unprepared") return { kind: "later", why: found.why };
    const text = found.value.trim();
    const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
    // Whoever keeps the secret may set it right while the message waits.
    if (url === undefined) {
      return {
        kind: "later",
        why: "the webhook's URL cannot be used: expected one that begins with https:// or http://",
      };
    }
    const reply = await this.#http.request({
      method: "POST",
      url: url.href,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(webhookPayload(notification, maxAlerts)),
      timeout,
      maxBytes: MAX_ANSWER,
      signal,
    });
    // The answer's text is left out: services like to repeat the path that they were asked for, and the path is the token.
    if (reply.kind === "answer") return outcomeOf(reply, "the webhook");
    // What the HTTP client says was not written with a secret address in mind.
    const secrets = [...urlSecrets(url), ...(await httpSecrets(this.#options.http))];
    return { kind: "later", why: redacted(inPlainWords(reply.why), secrets) };
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}
