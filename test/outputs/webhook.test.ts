import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HttpClient } from "../../src/http/http-client.ts";
import { AlertmanagerOutput } from "../../src/outputs/alertmanager.ts";
import type { WebhookOptions } from "../../src/outputs/options.ts";
import { WebhookOutput } from "../../src/outputs/webhook.ts";
import { webhookPayload } from "../../src/outputs/webhook-payload.ts";
import { epochMs } from "../../src/series/time.ts";
import { alertmanagerMissing, startAlertmanager } from "../support/alertmanager.ts";
import { refusedPort } from "../support/ports.ts";
import { type Sink, startSink } from "../support/sink.ts";
import { inline } from "./peers.ts";
import { ended, NEVER_ABORTED, notification, outgoing, TIMEOUT } from "./samples.ts";

let sink: Sink;
let output: WebhookOutput | undefined;

beforeEach(async () => {
  sink = await startSink();
});
afterEach(async () => {
  await output?.close();
  await sink.close();
});

function webhook(rest: Partial<WebhookOptions> = {}): WebhookOutput {
  const options = { name: "hook", url: inline(`${sink.url}/hook`), http: {}, timeout: TIMEOUT, maxAlerts: 0, ...rest };
  output = new WebhookOutput(options, new HttpClient(options.http, "test"));
  return output;
}

test("a notification is told in Alertmanager's payload, with the evidence beside", async () => {
  const firing = outgoing();
  const over = ended(outgoing({ model: "gpt" }));
  await webhook().send(notification([firing, over]), NEVER_ABORTED);
  const [request] = sink.requests;
  expect([request?.method, request?.path, request?.headers["content-type"]]).toEqual([
    "POST",
    "/hook",
    "application/json",
  ]);
  expect(JSON.parse(request!.body)).toEqual({
    receiver: "on-call",
    status: "firing",
    alerts: [
      {
        status: "firing",
        labels: firing.labels.toJSON(),
        annotations: firing.annotations,
        startsAt: "2026-11-22T12:00:00.000Z",
        endsAt: "0001-01-01T00:00:00Z",
        generatorURL: "https://sentinel.example/alerts/1",
        fingerprint: firing.fingerprint,
        evidence: { signal: "ratio", observed: 0.25, expected: 0.01 },
      },
      expect.objectContaining({
        status: "resolved",
        endsAt: "2026-11-22T12:01:00.000Z",
        fingerprint: over.fingerprint,
      }),
    ],
    groupLabels: { alertname: "TritonModelReloaded" },
    commonLabels: { alertname: "TritonModelReloaded", instance: "gpu-7:8002", severity: "critical" },
    commonAnnotations: {},
    externalURL: "https://sentinel.example",
    version: "4",
    groupKey: '{}:{alertname="TritonModelReloaded"}',
    truncatedAlerts: 0,
    notification_reason: "first notification",
    routeLabels: {},
  });
});

test.each([
  [0, 3, 0],
  [2, 2, 1],
  [9, 3, 0],
])("with max_alerts %d of three alerts %d are told and %d counted", (maxAlerts, told, truncated) => {
  const alerts = ["a", "b", "c"].map((model) => outgoing({ model }));
  const payload = webhookPayload(notification(alerts), maxAlerts);
  expect([payload.alerts.length, payload.truncatedAlerts]).toEqual([told, truncated]);
});

test("the receiver's name is told as a regular expression", () => {
  const { receiver } = webhookPayload(notification([outgoing()], { receiver: "on.call (eu) [1]" }), 0);
  expect(receiver).toBe("on\\.call \\(eu\\) \\[1\\]");
});

test("a wait that the receiver asks for is passed on", async () => {
  sink.answer(() => ({ status: 429, headers: { "retry-after": "12" } }));
  const outcome = await webhook().send(notification([outgoing()]), NEVER_ABORTED);
  expect(outcome).toEqual({ kind: "later", why: "the webhook answered 429", after: 12_000 });
});

test("a server that knows no TLS is told as such", async () => {
  const url = inline(sink.url.replace("http:", "https:"));
  const outcome = await webhook({ url }).send(notification([outgoing()]), NEVER_ABORTED);
  expect(outcome).toEqual({ kind: "later", why: "the peer does not speak TLS there" });
});

test("its address is read anew for each message", async () => {
  const folder = await mkdtemp(join(tmpdir(), "webhook-"));
  const path = join(folder, "url");
  const hook = webhook({ url: { kind: "file", path } });
  expect(await hook.send(notification([outgoing()]), NEVER_ABORTED)).toEqual({
    kind: "later",
    why: expect.stringContaining(JSON.stringify(path)),
  });
  for (const name of ["one", "two"]) {
    writeFileSync(path, `${sink.url}/${name}\n`);
    expect(await hook.send(notification([outgoing()]), NEVER_ABORTED)).toEqual({ kind: "sent" });
  }
  expect(sink.requests.map((request) => request.path)).toEqual(["/one", "/two"]);
  await rm(folder, { recursive: true });
});

test.each(["hooks.example/T0KEN-x", "ftp://hooks.example/T0KEN-x", "http://", "  "])(
  "an address like %j is none, and is not repeated",
  async (text) => {
    const outcome = await webhook({ url: inline(text) }).send(notification([outgoing()]), NEVER_ABORTED);
    expect(outcome).toEqual({
      kind: "later",
      why: "the webhook's URL cannot be used: expected one that begins with https:// or http://",
    });
  },
);

test("where it cannot be reached, host and port are told and nothing else of the address", async () => {
  const url = inline(`http://user:passw0rd@127.0.0.1:${await refusedPort()}/services/T0KEN/B0T?key=KEY123`);
  const outcome = await webhook({ url }).send(notification([outgoing()]), NEVER_ABORTED);
  expect(outcome).toMatchObject({ kind: "later", why: expect.stringContaining("127.0.0.1") });
  expect(JSON.stringify(outcome)).not.toMatch(/T0KEN|KEY123|passw0rd|services/);
});

describe.skipIf(alertmanagerMissing)("beside a real Alertmanager's", () => {
  test("our payload has all of its keys, and those that newer ones have", async () => {
    const alertmanager = await startAlertmanager(`
route: { receiver: on.call, group_by: [alertname], group_wait: 0s, group_interval: 1s }
receivers: [{ name: on.call, webhook_configs: [{ url: "${sink.url}/am", send_resolved: true }] }]
`);
    const now = Date.now();
    const alert = outgoing({}, { startsAt: epochMs(now), endsAt: epochMs(now + 240_000) });
    const options = { url: alertmanager.url, timeout: TIMEOUT, http: {}, alertRelabel: [] };
    const push = new AlertmanagerOutput(options, new HttpClient({}, "test"));
    await push.send([alert], NEVER_ABORTED);
    await sink.received(1);
    const over = { ...alert, status: "resolved" as const, endsAt: epochMs(Date.now()) };
    await push.send([over], NEVER_ABORTED);
    await sink.received(2);
    await push.close();
    await alertmanager.stop();

    const theirs = sink.requests.map(({ body }) => JSON.parse(body));
    const rest = { receiver: "on.call", commonAnnotations: alert.annotations, externalUrl: theirs[0].externalURL };
    const ours = [alert, over].map((one) => JSON.parse(JSON.stringify(webhookPayload(notification([one], rest), 0))));
    for (const [nth, payload] of ours.entries()) {
      const { notification_reason, routeLabels, alerts, ...known } = payload;
      // Alertmanager 0.34 has them, Debian's 0.25 has not.
      expect([notification_reason, routeLabels]).toEqual([expect.any(String), {}]);
      const { alerts: theirAlerts, ...theirRest } = theirs[nth];
      expect({ ...known, groupKey: "" }).toEqual({ ...theirRest, groupKey: "" });
      const { evidence: _, ...ourAlert } = alerts[0];
      const { startsAt, endsAt } = ourAlert;
      expect(ourAlert).toEqual({ ...theirAlerts[0], startsAt, endsAt });
      // Go leaves out zeros at the end of a second's fraction.
      expect(Date.parse(startsAt)).toBe(Date.parse(theirAlerts[0].startsAt));
      expect(Date.parse(ourAlert.endsAt)).toBe(Date.parse(theirAlerts[0].endsAt));
    }
    expect(theirs.map(({ status }) => status)).toEqual(["firing", "resolved"]);
    // What a resolved alert is told with is what it was sent with: its annotations must not be missing there.
    expect(theirs[1].alerts[0].annotations).toEqual(alert.annotations);
    expect(theirs[0].groupKey).toBe(ours[0].groupKey);
  });
});
