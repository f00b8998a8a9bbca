import type { Notification, OutgoingAlert } from "../alerts/outgoing.ts";
import { formatTime } from "../series/time.ts";

/** How Go writes a time that was never set: a firing alert has not ended. */
const NEVER = "0001-01-01T00:00:00Z";

/**
 * A notification as Alertmanager's webhook tells it (version "4"), so that whatever understands that one understands us. Each
 * alert carries one key more: its evidence.
 * @param maxAlerts 0 for all; the rest is counted in `truncatedAlerts`
 */
export function webhookPayload(notification: Notification, maxAlerts: number) {
  const { alerts } = notification;
  const told = maxAlerts === 0 ? alerts : alerts.slice(0, maxAlerts);
  return {
    receiver: quoteMeta(notification.receiver),
    status: notification.status,
    alerts: told.map(payloadAlert),
    groupLabels: notification.groupLabels,
    commonLabels: notification.commonLabels,
    commonAnnotations: notification.commonAnnotations,
    externalURL: notification.externalUrl,
    version: "4",
    groupKey: notification.groupKey,
    truncatedAlerts: alerts.length - told.length,
    notification_reason: notification.reason,
    routeLabels: {},
  };
}

function payloadAlert(alert: OutgoingAlert) {
  return {
    status: alert.status,
    labels: alert.labels,
    annotations: alert.annotations,
    startsAt: formatTime(alert.startsAt),
    endsAt: alert.status === "firing" ? NEVER : formatTime(alert.endsAt),
    generatorURL: alert.generatorUrl,
    fingerprint: alert.fingerprint,
    evidence: alert.evidence,
  };
}

/** Alertmanager tells the receiver's name as a regular expression that matches it. */
const quoteMeta = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
