import type { Notification, OutgoingAlert } from "../../src/alerts/outgoing.ts";
import { fingerprint, Labels } from "../../src/series/labels.ts";
import { durationMs, type EpochMs, epochMs, SECOND } from "../../src/series/time.ts";

/** When the stories of these tests happen. */
export const AT: EpochMs = epochMs(Date.UTC(2026, 10, 22, 12, 0, 0));

export const TIMEOUT = durationMs(20 * SECOND);

export const NEVER_ABORTED: AbortSignal = new AbortController().signal;

/** A firing alert, with what the test is about laid over it. */
export function outgoing(
  labels: Readonly<Record<string, string>> = {},
  rest: Partial<OutgoingAlert> = {},
): OutgoingAlert {
  const all = Labels.of({
    alertname: "TritonModelReloaded",
    instance: "gpu-7:8002",
    model: "bert",
    severity: "critical",
    ...labels,
  });
  return {
    status: "firing",
    labels: all,
    annotations: {
      summary: "model bert was reloaded",
      description: "bert was loaded again while it served.",
      runbook_url: "https://runbooks.example/TritonModelReloaded",
    },
    startsAt: AT,
    endsAt: epochMs(AT + 240_000),
    generatorUrl: "https://sentinel.example/alerts/1",
    fingerprint: fingerprint(all),
    value: 0.25,
    evidence: { signal: "ratio", observed: 0.25, expected: 0.01 },
    ...rest,
  };
}

/** The same alert when it is over. */
export const ended = (alert: OutgoingAlert): OutgoingAlert => ({
  ...alert,
  status: "resolved",
  endsAt: epochMs(alert.startsAt + 60_000),
});

/** What a receiver is told of alerts that share a group. */
export function notification(alerts: readonly OutgoingAlert[], rest: Partial<Notification> = {}): Notification {
  const [first] = alerts;
  const common = (first?.labels ?? Labels.EMPTY).pairs.filter(([name, value]) =>
    alerts.every(({ labels }) => labels.get(name) === value),
  );
  const name = first?.labels.get("alertname") ?? "";
  const status = alerts.some((alert) => alert.status === "firing") ? "firing" : "resolved";
  return {
    receiver: "on-call",
    groupKey: `{}:{alertname=${JSON.stringify(name)}}`,
    groupLabels: Labels.of({ alertname: name }),
    commonLabels: Labels.from(common),
    commonAnnotations: {},
    status,
    reason: status === "firing" ? "first notification" : "all alerts resolved",
    alerts,
    externalUrl: "https://sentinel.example",
    ...rest,
  };
}

/** Values that break what does not take care: header ends, markup, reordering marks, ends of strings, half characters, length. */
export const HOSTILE: readonly string[] = [
  "a\r\nBcc: evil@example.com\r\n\r\nbody",
  `"><script>alert(1)</script><img src=x onerror=alert(1)>`,
  "\u202egnp.exe\u2066\u200f",
  "nul\0bell\x07esc\x1b[31m",
  "half \ud83d of a \udc00 character",
  "=?utf-8?Q?hidden?= %0d%0a {{ .Labels }}",
  "x".repeat(10_000),
  "http://evil.example/|click <!channel> *bold* `code`",
];
