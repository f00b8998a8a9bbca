import { Groups, type HeardAlert, NONE_INHIBITED } from "../../alerts/groups.ts";
import type { BegunAlert } from "../../alerts/inhibition.ts";
import type { Notification } from "../../alerts/outgoing.ts";
import type { ReceiverOptions } from "../../alerts/receiver.ts";
import { Delivery, type DeliveryStatus } from "../../outputs/delivery.ts";
import {
  type DeliveryObserver,
  type DeliveryPolicy,
  NOTIFICATION_PACKING,
  NOTIFICATION_POLICY,
  type OutputName,
} from "../../outputs/delivery-ports.ts";
import type { Outcome, Output } from "../../outputs/output.ts";
import { type DurationMs, durationMs, type EpochMs } from "../../series/time.ts";
import type { NotifyPorts } from "./notify-settings.ts";

/** More than there are groups, of which each has one notification under way at most: none is ever pushed out. */
const CAPACITY = 2_000;
/** The longest a timer can be set. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** One output that is told of groups of alerts: what it is told and when, and how that gets there. */
export class Receiver {
  readonly output: OutputName;
  readonly #groups: Groups;
  readonly #delivery: Delivery<Notification>;
  readonly #ports: NotifyPorts;
  readonly #deadline: DurationMs;
  /** Notifications that were handed over, and when. */
  readonly #underWay = new Map<Notification, EpochMs>();
  #wakeAt = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #leftOut = 0;
  #stopped = false;

  /** @param attemptTimeout what one sending may take */
  constructor(
    output: Output<Notification>,
    options: ReceiverOptions,
    { externalUrl, attemptTimeout }: { readonly externalUrl: string; readonly attemptTimeout: DurationMs },
    ports: NotifyPorts,
  ) {
    this.output = { kind: output.kind, name: output.name };
    this.#ports = ports;
    this.#groups = new Groups(options, externalUrl);
    const policy: DeliveryPolicy = { ...NOTIFICATION_POLICY, capacity: CAPACITY, attemptTimeout };
    this.#deadline = policy.deadline;
    ports.observer.outputKnown(this.output, policy.capacity);
    this.#delivery = new Delivery(this.#listening(output), NOTIFICATION_PACKING, policy, {
      clock: ports.clock,
      random: () => ports.random(),
      observer: this.#observer(),
    });
  }

  /** Takes note of what outputs are told after a step. */
  take(alerts: readonly HeardAlert[], at: EpochMs, isInhibited: (alert: BegunAlert) => boolean): void {
    // The log keeps everything.
    this.#groups.take(alerts, at, this.output.kind === "log" ? NONE_INHIBITED : isInhibited);
    const more = this.#groups.refused - this.#leftOut;
    this.#leftOut += more;
    if (more > 0) this.#ports.observer.alertsLeftOut(this.output, more);
    this.#arm();
  }

  status(): DeliveryStatus {
    return this.#delivery.status();
  }

  /** Tells what is new at once, and ends as `Delivery.stop` does. */
  async stop(grace: DurationMs): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    this.#tell(true);
    await this.#delivery.stop(grace);
  }

  #tell(hurry: boolean): void {
    const now = this.#ports.clock.now();
    for (const notification of this.#groups.due(now, hurry)) {
      this.#underWay.set(notification, now);
      this.#delivery.deliver(notification);
    }
  }

  /** Wakes when a group is due. */
  #arm(): void {
    const due = this.#groups.nextDue;
    if (this.#stopped || due === undefined || due >= this.#wakeAt) return;
    this.#cancel?.();
    this.#wakeAt = due;
    const delay = Math.min(LONGEST_TIMER, Math.max(0, due - this.#ports.clock.now()));
    this.#cancel = this.#ports.clock.setTimer(durationMs(delay), () => {
      this.#wakeAt = Number.POSITIVE_INFINITY;
      this.#tell(false);
      this.#arm();
    });
  }

  #settled(notification: Notification, ok: boolean): void {
    if (!this.#underWay.delete(notification)) return;
    this.#groups.settled(notification.groupKey, ok, this.#ports.clock.now());
    this.#arm();
  }

  /** The output, except that it is heard here which notification got through and which never will. */
  #listening(output: Output<Notification>): Output<Notification> {
    return {
      ...this.output,
      send: async (notification, signal): Promise<Outcome> => {
        const outcome = await output.send(notification, signal);
        if (outcome.kind !== "later") this.#settled(notification, outcome.kind === "sent");
        return outcome;
      },
      close: () => output.close(),
    };
  }

  /** What was given up rather than refused is known by its age alone. */
  #observer(): DeliveryObserver {
    const { observer, clock } = this.#ports;
    return {
      attempted: (...told) => observer.attempted(...told),
      queued: (...told) => observer.queued(...told),
      settled: (...told) => {
        observer.settled(...told);
        const [, ending] = told;
        if (ending === "sent") return;
        for (const [notification, since] of [...this.#underWay]) {
          if (since + this.#deadline <= clock.now()) this.#settled(notification, false);
        }
      },
    };
  }
}
