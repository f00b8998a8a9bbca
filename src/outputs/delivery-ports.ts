import type { Notification } from "../alerts/outgoing.ts";
import type { Clock } from "../series/clock.ts";
import { type DurationMs, durationMs, HOUR, MINUTE, SECOND } from "../series/time.ts";
import type { Packing, Size } from "./delivery-queue.ts";
import type { Outcome, Output } from "./output.ts";

/** Which output something is told of. */
export type OutputName = Pick<Output<never>, "kind" | "name">;

/** What became of queued messages in the end: `failed` was refused or never got through, `dropped` found no place or no time. */
export type Ending = "sent" | "failed" | "dropped";

/** Who is told how delivery goes, for metrics and log lines. */
export interface DeliveryObserver {
  /** One sending ended. `later` is going to be tried again unless a `settled` follows. */
  attempted(output: OutputName, outcome: Outcome, size: Size, seconds: number): void;
  /** Messages left the queue for good. */
  settled(output: OutputName, ending: Ending, size: Size, why?: string): void;
  /** The queue has another length; what is being sent counts until it is settled. */
  queued(output: OutputName, size: Size): void;
}

/** What delivery needs of the world. */
export interface DeliveryPorts {
  readonly clock: Clock;
  /** A number from 0 up to, not including, 1. */
  random(): number;
  readonly observer: DeliveryObserver;
}

/** How often and how long delivery is tried. */
export interface DeliveryPolicy {
  /** Messages queued at most: alerts where alerts are queued, notifications elsewhere. */
  readonly capacity: number;
  /** What one sending may take before it is given up. */
  readonly attemptTimeout: DurationMs;
  /** How long a message may wait for its delivery, all attempts included. */
  readonly deadline: DurationMs;
  /** The pause after the first failure; it doubles with each further one up to `longestPause`. */
  readonly firstPause: DurationMs;
  readonly longestPause: DurationMs;
}

/** For Alertmanagers, which hear of each alert again every minute: what is older than that is old news. */
export const ALERTMANAGER_POLICY: DeliveryPolicy = {
  capacity: 10_000,
  attemptTimeout: durationMs(10 * SECOND),
  deadline: durationMs(50 * SECOND),
  firstPause: SECOND,
  longestPause: durationMs(10 * SECOND),
};

/** For mail and webhooks, where a notification that is lost is not repeated for hours: outlasts a server's restart. */
export const NOTIFICATION_POLICY: DeliveryPolicy = {
  capacity: 1_000,
  attemptTimeout: MINUTE,
  deadline: HOUR,
  firstPause: SECOND,
  longestPause: MINUTE,
};

/** Notifications are sent one by one, those of a group in their order. */
export const NOTIFICATION_PACKING: Packing<Notification> = {
  most: 1,
  split: (notification) => [notification],
  join: ([notification]) => notification!,
  alerts: ({ alerts }) => alerts.length,
  lane: ({ groupKey }) => groupKey,
};
