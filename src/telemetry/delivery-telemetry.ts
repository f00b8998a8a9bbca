import type { Logger } from "pino";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { type Naming, namingIn } from "./self-metrics.ts";

const SENDING_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const BOTH = ["output", "name"] as const;
/** Why notifications failed: the receiver will not have them, or their time was over. */
const REASONS = ["refused", "gave-up"] as const;

/** An output in metrics and logs: its kind, and the name the configuration gives it. */
interface ToldOutput {
  readonly kind: string;
  readonly name: string;
}

/** Alerts where alerts are queued, notifications elsewhere. */
interface ToldSize {
  readonly messages: number;
}

/** What the program says of delivery; the observer of each output's delivery, and of what there is to deliver to. */
export class DeliveryTelemetry {
  readonly #metrics: ReturnType<typeof deliveryMetrics>;
  readonly #log: Logger;
  readonly #now: () => number;
  #alertmanagers = 0;
  /** Outputs whose last sending failed, and whether it was refused for good and that is still to be told. */
  readonly #failing = new Map<string, { refused: boolean }>();

  /** @param now milliseconds since the epoch */
  constructor(registry: Registry, log: Logger, now: () => number) {
    this.#metrics = deliveryMetrics(namingIn(registry));
    this.#log = log;
    this.#now = now;
  }

  /**
   * An output is delivered to from now on. Its counts begin at 0, so that the first failure shows as a rise.
   * @param capacity messages that can wait at most
   */
  outputKnown(output: ToldOutput, capacity: number): void {
    const labels = labelsOf(output);
    const { sent, failed, dropped, retried, length } = this.#metrics;
    for (const counter of [sent, dropped, retried]) counter.inc(labels, 0);
    for (const reason of REASONS) failed.inc({ ...labels, reason }, 0);
    length.inc(labels, 0);
    this.#metrics.capacity.set(labels, capacity);
  }

  /** An output is there no longer; what was counted of it is forgotten. */
  outputGone(output: ToldOutput): void {
    const labels = labelsOf(output);
    const { sent, failed, dropped, retried, length, capacity, lastSuccess } = this.#metrics;
    for (const metric of [sent, dropped, retried, length, capacity, lastSuccess]) metric.remove(labels);
    for (const reason of REASONS) failed.remove({ ...labels, reason });
    this.#failing.delete(keyOf(output));
  }

  /** So many Alertmanagers are known now. */
  alertmanagersFound(count: number): void {
    this.#metrics.alertmanagers.set(count);
    if (count !== this.#alertmanagers) this.#log.info({ count }, "Alertmanagers found");
    this.#alertmanagers = count;
  }

  /** An Alertmanager's address was found and is not used. */
  alertmanagerDropped(address: string, why: string): void {
    this.#log.warn({ address, why }, "Alertmanager left out");
  }

  /** Alerts were left out of an output's notifications, because their group is full. */
  alertsLeftOut(output: ToldOutput, count: number): void {
    this.#metrics.dropped.inc(labelsOf(output), count);
    this.#log.error({ ...labelsOf(output), count }, "alerts left out of a notification: its group is full");
  }

  /** One sending ended. Told aloud when an output begins to fail and when it works again. */
  attempted(
    output: ToldOutput,
    outcome: { readonly kind: "sent" | "later" | "never"; readonly why?: string },
    size: ToldSize,
    seconds: number,
  ): void {
    const labels = labelsOf(output);
    const key = keyOf(output);
    this.#metrics.latency.observe({ output: output.kind }, Math.max(0, seconds));
    if (outcome.kind === "sent") {
      this.#metrics.lastSuccess.set(labels, this.#now() / 1000);
      if (this.#failing.delete(key)) this.#log.info(labels, "delivery works again");
      return;
    }
    if (outcome.kind === "later") this.#metrics.retried.inc(labels, size.messages);
    if (!this.#failing.has(key)) this.#log.warn({ ...labels, why: outcome.why }, "delivery fails");
    this.#failing.set(key, { refused: outcome.kind === "never" });
  }

  /** Messages left the queue for good. */
  settled(output: ToldOutput, ending: "sent" | "failed" | "dropped", size: ToldSize, why?: string): void {
    const labels = labelsOf(output);
    if (ending === "sent") {
      this.#metrics.sent.inc(labels, size.messages);
      return;
    }
    if (ending === "dropped") this.#metrics.dropped.inc(labels, size.messages);
    else this.#metrics.failed.inc({ ...labels, reason: this.#reason(output) }, size.messages);
    this.#log.error({ ...labels, count: size.messages, why }, `notifications ${ending}`);
  }

  /** The queue has another length. */
  queued(output: ToldOutput, size: ToldSize): void {
    this.#metrics.length.set(labelsOf(output), size.messages);
  }

  /** A refusal is settled right after its sending; whatever else fails has waited too long. */
  #reason(output: ToldOutput): (typeof REASONS)[number] {
    const last = this.#failing.get(keyOf(output));
    if (!last?.refused) return "gave-up";
    last.refused = false;
    return "refused";
  }
}

const labelsOf = ({ kind, name }: ToldOutput) => ({ output: kind, name });

const keyOf = ({ kind, name }: ToldOutput): string => `${kind} ${name}`;

function deliveryMetrics(name: Naming) {
  return {
    sent: new Counter({
      ...name("notifications_sent_total"),
      help: "Notifications delivered; to Alertmanagers alerts are counted.",
      labelNames: BOTH,
    }),
    failed: new Counter({
      ...name("notifications_failed_total"),
      help: "Notifications that were refused for good, or did not get through in the time they had.",
      labelNames: ["output", "name", "reason"] as const,
    }),
    dropped: new Counter({
      ...name("notifications_dropped_total"),
      help: "Notifications given up for want of room, or because the program stopped.",
      labelNames: BOTH,
    }),
    retried: new Counter({
      ...name("notifications_retried_total"),
      help: "Notifications in sendings that did not get through and are tried again while there is time.",
      labelNames: BOTH,
    }),
    latency: new Histogram({
      ...name("notification_latency_seconds"),
      help: "How long sendings take, over all outputs of a kind.",
      labelNames: ["output"] as const,
      buckets: SENDING_SECONDS,
    }),
    length: new Gauge({
      ...name("notification_queue_length"),
      help: "Notifications that wait to be delivered.",
      labelNames: BOTH,
    }),
    capacity: new Gauge({
      ...name("notification_queue_capacity"),
      help: "Notifications that can wait at most.",
      labelNames: BOTH,
    }),
    lastSuccess: new Gauge({
      ...name("notification_last_success_timestamp_seconds"),
      help: "When something was last delivered.",
      labelNames: BOTH,
    }),
    alertmanagers: new Gauge({
      ...name("alertmanagers_discovered"),
      help: "Alertmanagers that alerts are sent to.",
    }),
  };
}
