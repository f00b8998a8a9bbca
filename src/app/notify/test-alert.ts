import type { Notification, OutgoingAlert } from "../../alerts/outgoing.ts";
import type { Telling } from "../../alerts/resends.ts";
import { groupKeyOf } from "../../alerts/routing.ts";
import { Labels } from "../../series/labels.ts";
import { type EpochMs, epochMs, MINUTE } from "../../series/time.ts";

/** How long the test alert fires where somebody watches it: it ends by itself, as nobody repeats it. */
const FIRES_FOR = 5 * MINUTE;

const TEST_FACTS = {
  labels: Labels.of({ alertname: "TritonSentinelTest", severity: "info", test: "true" }),
  annotations: {
    summary: "This is a test of triton-sentinel: nothing is wrong",
    description: "Somebody ran `triton-sentinel outputs test`. Whoever reads this would also read of real alerts.",
  },
  value: 1,
  evidence: { test: true },
} as const;

/** The alert that shows whether an output works. */
export const testTelling = (at: EpochMs): Telling => ({
  facts: TEST_FACTS,
  status: "firing",
  startsAt: at,
  endsAt: epochMs(at + FIRES_FOR),
  stale: false,
  again: false,
});

/** A notification of one alert alone. */
export function notificationOf(alert: OutgoingAlert, receiver: string, externalUrl: string): Notification {
  const groupLabels = alert.labels.only("alertname");
  return {
    receiver,
    groupKey: groupKeyOf(groupLabels),
    groupLabels,
    commonLabels: alert.labels,
    commonAnnotations: alert.annotations,
    status: alert.status,
    reason: "first notification",
    alerts: [alert],
    externalUrl,
  };
}
