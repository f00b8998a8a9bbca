import type { Evidence } from "../rules/types.ts";
import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";

/** An alert as it leaves the program: external labels added, relabelled. */
export interface OutgoingAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  /** When it began to fire. */
  readonly startsAt: EpochMs;
  /** Resolved: when it ended. Firing: until when it may be believed without being repeated. */
  readonly endsAt: EpochMs;
  readonly generatorUrl: string;
  /** Alertmanager's fingerprint of the labels. */
  readonly fingerprint: string;
  readonly value: number;
  readonly evidence: Evidence;
}

/** Why a notification is made, in Alertmanager's words. */
export type NotificationReason =
  | "first notification"
  | "new alerts added"
  | "some alerts resolved"
  | "all alerts resolved"
  | "repeat interval elapsed";

/** Alerts of one group, told together to one receiver. */
export interface Notification {
  readonly receiver: string;
  /** `{}:{alertname="X"}`. */
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly commonLabels: Labels;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  /** Firing while any of its alerts is. */
  readonly status: "firing" | "resolved";
  readonly reason: NotificationReason;
  /** Firing ones first, then by when they began. */
  readonly alerts: readonly OutgoingAlert[];
  readonly externalUrl: string;
}
