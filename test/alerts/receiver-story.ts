import { Groups } from "../../src/alerts/groups.ts";
import type { Notification, OutgoingAlert } from "../../src/alerts/outgoing.ts";
import type { ReceiverOptions } from "../../src/alerts/receiver.ts";
import { fingerprint, Labels } from "../../src/series/labels.ts";
import { durationMs, type EpochMs, epochMs, MINUTE, SECOND } from "../../src/series/time.ts";

/** A receiver in seconds one can follow in one's head: wait 30, interval 300, repeat 3600. */
export const receiver: ReceiverOptions = {
  name: "ops",
  match: [],
  sendResolved: true,
  groupBy: ["alertname"],
  groupWait: durationMs(30 * SECOND),
  groupInterval: durationMs(5 * MINUTE),
  repeatInterval: durationMs(60 * MINUTE),
};

export const seconds = (n: number): EpochMs => epochMs(n * SECOND);

/** An alert named by one word: `Load:a` is alertname Load, model a. */
export function alertOf(word: string, startsAt: number, endedAt?: number): OutgoingAlert {
  const [alertname = "", model = ""] = word.split(":");
  const labels = Labels.of({ alertname, model, severity: "warning" });
  return {
    status: endedAt === undefined ? "firing" : "resolved",
    labels,
    annotations: { summary: `${model} loaded`, runbook: "same for all" },
    startsAt: seconds(startsAt),
    endsAt: seconds(endedAt ?? 1e9),
    generatorUrl: "",
    fingerprint: fingerprint(labels),
    value: 1,
    evidence: {},
  };
}

/** `30 first notification: +Load:a -Load:b` (`+` fires, `-` has ended). */
function lineOf(at: number, { reason, alerts }: Notification): string {
  return `${at} ${reason}: ${alerts.map(wordOf).join(" ")}`;
}

export function wordOf({ status, labels }: OutgoingAlert): string {
  const model = labels.get("model");
  return `${status === "firing" ? "+" : "-"}${labels.get("alertname")}${model === undefined ? "" : `:${model}`}`;
}

interface Story {
  readonly options?: Partial<ReceiverOptions>;
  /** What happens when, in order: `10 +Load:a`, `20 -Load:a`. */
  readonly happens: readonly string[];
  /** Seconds. */
  readonly until: number;
  /** Whether the receiver takes the n-th notification, from 0. */
  readonly takes?: (n: number) => boolean;
  /** The alerts that others keep back, and from when until when: `10 100 Load:a`. */
  readonly inhibited?: readonly string[];
}

/** Lives through a story second by second. @returns what the receiver was told */
export function tell({ options = {}, happens, until, takes = () => true, inhibited = [] }: Story): readonly string[] {
  const groups = new Groups({ ...receiver, ...options }, "");
  const began = new Map<string, number>();
  const told: string[] = [];
  let n = 0;
  for (let now = 0; now <= until; now++) {
    const kept = inhibited
      .map((line) => line.split(" "))
      .filter(([from, to]) => Number(from) <= now && now < Number(to));
    const isInhibited = ({ labels }: OutgoingAlert) =>
      kept.some(([, , word]) => word === `${labels.get("alertname")}:${labels.get("model")}`);
    for (const line of happens) {
      const [when, what = ""] = line.split(" ");
      if (Number(when) !== now) continue;
      const word = what.slice(1);
      if (what.startsWith("+")) began.set(word, now);
      const alert = alertOf(word, began.get(word) ?? 0, what.startsWith("+") ? undefined : now);
      groups.take([{ alert, again: false }], seconds(now), isInhibited);
    }
    groups.take([], seconds(now), isInhibited);
    if ((groups.nextDue ?? Number.POSITIVE_INFINITY) > seconds(now)) continue;
    for (const notification of groups.due(seconds(now))) {
      const taken = takes(n++);
      told.push(lineOf(now, notification) + (taken ? "" : " (lost)"));
      groups.settled(notification.groupKey, taken, seconds(now));
    }
  }
  return told;
}
