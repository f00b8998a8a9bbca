import type { Notification, OutgoingAlert } from "../alerts/outgoing.ts";
import type { EpochMs } from "../series/time.ts";
import { formatTime } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";
import { webLink } from "./link.ts";

/** What a mail says, in words: every text bounded, in one line and free of what could break, colour or reorder it. */
export interface MailView {
  readonly subject: string;
  readonly intro: string;
  readonly alerts: readonly MailAlert[];
  /** Alerts that the mail has no room for. */
  readonly omitted: number;
}

/** A name and its text, as a row of a table. */
export type Row = readonly [name: string, text: string];

export interface MailAlert {
  readonly status: "firing" | "resolved";
  readonly severity: string;
  /** Alert, model and server. */
  readonly title: string;
  readonly texts: readonly Row[];
  readonly evidence: readonly Row[];
  readonly labels: readonly Row[];
  readonly links: readonly Row[];
}

/** More than anybody reads, and a megabyte at worst. */
const MAX_ALERTS = 50;
const MAX_ROWS = 40;
const MAX_SUBJECT = 200;

/** The gravest first; a severity of somebody's own comes after them. */
const SEVERITIES = ["critical", "warning", "info"];

/** Prepares a notification for people who read mail. */
export function mailView(notification: Notification): MailView {
  const { alerts, reason } = notification;
  const firing = alerts.filter(({ status }) => status === "firing");
  const counts = [`${firing.length} firing`, `${alerts.length - firing.length} resolved`];
  return {
    subject: subjectOf(notification, firing),
    intro: `${counts.filter((count) => !count.startsWith("0 ")).join(", ")} (${reason})${firstOf(alerts.length)}`,
    alerts: alerts.slice(0, MAX_ALERTS).map(mailAlert),
    omitted: Math.max(0, alerts.length - MAX_ALERTS),
  };
}

/** Says at the top that not all is there: people stop reading where they think they know. */
const firstOf = (count: number): string => (count > MAX_ALERTS ? `; the first ${MAX_ALERTS} of ${count} follow` : "");

/** `[FIRING:2] TritonModelReloaded bert gpu-7:8002 (critical)`: what all alerts have in common, and the worst severity. */
function subjectOf({ alerts, commonLabels, status }: Notification, firing: readonly OutgoingAlert[]): string {
  const mark = status === "firing" ? `[FIRING:${firing.length}]` : "[RESOLVED]";
  const name = commonLabels.get("alertname") ?? `${alerts.length} alerts`;
  const about = ["model", "instance"].map((label) => commonLabels.get(label));
  const words = [name, ...about].flatMap((word) => (word === undefined ? [] : [line(word, 60)]));
  const severity = worst(status === "firing" ? firing : alerts);
  return line([mark, ...words, severity === "" ? "" : `(${severity})`].join(" ").trim(), MAX_SUBJECT);
}

function worst(alerts: readonly OutgoingAlert[]): string {
  const present = alerts.map(({ labels }) => labels.get("severity") ?? "");
  return line(SEVERITIES.find((severity) => present.includes(severity)) ?? present[0] ?? "", 20);
}

function mailAlert({
  status,
  labels,
  annotations,
  startsAt,
  endsAt,
  evidence,
  generatorUrl,
}: OutgoingAlert): MailAlert {
  const title = ["alertname", "model", "instance"].flatMap((name) => labels.get(name) ?? []);
  const texts: [string, string | undefined][] = [
    ["Summary", annotations["summary"]],
    ["Description", annotations["description"]],
    ["What to do", annotations["remediation"]],
    ["Since", forPeople(startsAt)],
    ["Ended", status === "resolved" ? forPeople(endsAt) : undefined],
    ["Runbook", webLink(annotations["runbook_url"]) === undefined ? annotations["runbook_url"] : undefined],
  ];
  return {
    status,
    severity: line(labels.get("severity") ?? "none", 20),
    title: line(title.map((word) => line(word, 100)).join(" "), 300),
    texts: texts.flatMap(([name, text]) => (text === undefined || text === "" ? [] : [[name, line(text, 2_000)]])),
    evidence: rows(Object.entries(evidence).map(([name, value]) => [name.replaceAll("_", " "), said(value)])),
    labels: rows(labels.pairs),
    links: [...link("Runbook", annotations["runbook_url"]), ...link("Source", generatorUrl)],
  };
}

const said = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function rows(pairs: readonly Row[]): Row[] {
  const told = pairs.slice(0, MAX_ROWS).map(([name, text]): Row => [line(name, 100), line(text, 300)]);
  return pairs.length > MAX_ROWS ? [...told, ["…", `${pairs.length - MAX_ROWS} more`]] : told;
}

/** Says the host, for a link is only as good as the place that it leads to. */
function link(name: string, address: string | undefined): Row[] {
  const url = webLink(address);
  return url === undefined ? [] : [[`${name} (${line(url.host, 100)})`, url.href]];
}

const forPeople = (at: EpochMs): string => `${formatTime(at).slice(0, 19).replace("T", " ")} UTC`;

/** One printable line; halves of characters, which no mail can carry, become the mark for them. */
const line = (text: string, max: number): string => printable(text, max).replace(/\p{Cs}/gu, "\ufffd");
