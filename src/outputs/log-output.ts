import type { Notification, OutgoingAlert } from "../alerts/outgoing.ts";
import { formatTime } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";
import type { Outcome, Output } from "./output.ts";

/** Where log lines go; the program's logger is one. */
export interface LogPort {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Alerts as lines of the log, one an alert. */
export class LogOutput implements Output<Notification> {
  readonly kind = "log";
  readonly name: string;
  readonly #log: LogPort;

  constructor(name: string, log: LogPort) {
    this.name = name;
    this.#log = log;
  }

  async send({ alerts, receiver, reason }: Notification): Promise<Outcome> {
    for (const alert of alerts) {
      const fields = { receiver, reason, ...alertFields(alert) };
      if (alert.status === "firing") this.#log.warn(fields, "alert firing");
      else this.#log.info(fields, "alert resolved");
    }
    return { kind: "sent" };
  }

  async close(): Promise<void> {}
}

function alertFields({ labels, annotations, startsAt, endsAt, status, value, fingerprint }: OutgoingAlert) {
  const text = (words: string | undefined) => (words === undefined ? undefined : printable(words));
  return {
    alertname: text(labels.get("alertname")),
    severity: text(labels.get("severity")),
    instance: text(labels.get("instance")),
    model: text(labels.get("model")),
    summary: text(annotations["summary"]),
    value,
    since: formatTime(startsAt),
    ...(status === "resolved" && { until: formatTime(endsAt) }),
    fingerprint,
    labels: printable(labels.toString(), 2_000),
  };
}
