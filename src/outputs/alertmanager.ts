import type { OutgoingAlert } from "../alerts/outgoing.ts";
import { formatTime } from "../series/time.ts";
import type { Packing } from "./delivery-queue.ts";
import { type HttpPort, MAX_ANSWER, outcomeOf } from "./http-outcome.ts";
import { webLink } from "./link.ts";
import type { AlertmanagerOptions } from "./options.ts";
import type { Outcome, Output } from "./output.ts";
import { httpSecrets, redacted } from "./redact.ts";

/** Alerts are queued one by one and sent together, as many as Prometheus sends at once. */
export const ALERT_PACKING: Packing<readonly OutgoingAlert[]> = {
  most: 256,
  split: (alerts) => alerts.map((alert) => [alert]),
  join: (pieces) => pieces.flat(),
  alerts: (piece) => piece.length,
  lane: () => "",
};

/** One Alertmanager, told over its API v2. */
export class AlertmanagerOutput implements Output<readonly OutgoingAlert[]> {
  readonly kind = "alertmanager";
  readonly name: string;
  readonly #options: AlertmanagerOptions;
  readonly #http: HttpPort;

  constructor(options: AlertmanagerOptions, http: HttpPort) {
    this.name = options.url;
    this.#options = options;
    this.#http = http;
  }

  async send(alerts: readonly OutgoingAlert[], signal: AbortSignal): Promise<Outcome> {
    const reply = await this.#http.request({
      method: "POST",
      url: `${this.#options.url.replace(/\/+$/, "")}/api/v2/alerts`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(alerts.map(wireAlert)),
      timeout: this.#options.timeout,
      maxBytes: MAX_ANSWER,
      signal,
    });
    // On 400 it has stored the alerts it could: sending the others again would help nobody.
    const refused = reply.kind === "answer" && reply.status >= 400 && reply.status < 500;
    const said = refused ? await this.#sentence(reply.body) : "";
    return outcomeOf(reply, "the Alertmanager", said);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  /** Alertmanager explains itself in a JSON string; what else may stand there is somebody else's page. */
  async #sentence(body: Buffer): Promise<string> {
    let said: unknown;
    try {
      said = JSON.parse(body.toString());
    } catch {
      return "";
    }
    const text = typeof said === "string" ? said : (said as { message?: unknown } | null)?.message;
    if (typeof text !== "string") return "";
    return redacted(text, await httpSecrets(this.#options.http));
  }
}

/** An alert as API v2 wants it. Empty labels are none there, and a generator URL that is none spoils the whole batch. */
function wireAlert(alert: OutgoingAlert) {
  const labels = alert.labels.pairs.filter(([name]) => !name.startsWith("__"));
  const generator = webLink(alert.generatorUrl);
  return {
    labels: Object.fromEntries(labels),
    annotations: alert.annotations,
    startsAt: formatTime(alert.startsAt),
    endsAt: formatTime(alert.endsAt),
    ...(generator !== undefined && { generatorURL: generator.href }),
  };
}
