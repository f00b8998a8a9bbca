import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { OutgoingAlert } from "../../src/alerts/outgoing.ts";
import { HttpClient } from "../../src/http/http-client.ts";
import { ALERT_PACKING, AlertmanagerOutput } from "../../src/outputs/alertmanager.ts";
import { Delivery } from "../../src/outputs/delivery.ts";
import { ALERTMANAGER_POLICY } from "../../src/outputs/delivery-ports.ts";
import { fingerprint, Labels } from "../../src/series/labels.ts";
import { durationMs, type EpochMs, epochMs } from "../../src/series/time.ts";
import { alertmanagerMissing, type RunningAlertmanager, startAlertmanager } from "../support/alertmanager.ts";
import { type Sink, startSink } from "../support/sink.ts";
import { HandClock } from "./hand-clock.ts";
import { HOSTILE, NEVER_ABORTED, outgoing, TIMEOUT } from "./samples.ts";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

function outputTo(url: string): AlertmanagerOutput {
  const output = new AlertmanagerOutput(
    { url, timeout: TIMEOUT, http: {}, alertRelabel: [] },
    new HttpClient({}, "test"),
  );
  open.push(output);
  return output;
}

describe("to a sink", () => {
  let sink: Sink;
  beforeAll(async () => {
    sink = await startSink();
  });
  afterAll(() => sink.close());

  const posted = async (...alerts: OutgoingAlert[]) => {
    await outputTo(`${sink.url}/prefix/`).send(alerts, NEVER_ABORTED);
    return sink.requests.at(-1)!;
  };

  test("an alert is posted to API v2 under the prefix, as JSON", async () => {
    const { method, path, headers, body } = await posted(outgoing({ model: "bert" }));
    expect([method, path, headers["content-type"]]).toEqual(["POST", "/prefix/api/v2/alerts", "application/json"]);
    expect(JSON.parse(body)).toEqual([
      {
        labels: { alertname: "TritonModelReloaded", instance: "gpu-7:8002", model: "bert", severity: "critical" },
        annotations: outgoing().annotations,
        startsAt: "2026-11-22T12:00:00.000Z",
        endsAt: "2026-11-22T12:04:00.000Z",
        generatorURL: "https://sentinel.example/alerts/1",
      },
    ]);
  });

  test("labels that are empty or that begin with __ stay at home", async () => {
    const { body } = await posted(outgoing({ model: "", __address__: "gpu-7", __name__: "up" }));
    expect(Object.keys(JSON.parse(body)[0].labels)).toEqual(["alertname", "instance", "severity"]);
  });

  test.each(["not a url", "javascript:alert(1)", "", "https://user:pass@example.com/"])(
    "a generator URL %j is left out, for it would spoil the batch",
    async (generatorUrl) => {
      const { body } = await posted(outgoing({}, { generatorUrl }));
      expect(JSON.parse(body)[0]).not.toHaveProperty("generatorURL");
    },
  );

  test.each([
    [
      { status: 400, body: '"invalid label set\\n\\u001b[31m"' },
      "never",
      "the Alertmanager answered 400: invalid label set\\n\\u001b[31m",
    ],
    [
      { status: 422, body: '{"code":602,"message":"startsAt is no date"}' },
      "never",
      "the Alertmanager answered 422: startsAt is no date",
    ],
    [{ status: 404, body: "<html>" }, "never", "the Alertmanager answered 404"],
    [
      { status: 400, body: JSON.stringify("x".repeat(9_999)) },
      "never",
      `the Alertmanager answered 400: ${"x".repeat(300)}…`,
    ],
    [{ status: 302, headers: { location: "/" } }, "never", "the Alertmanager answered 302; redirects are not followed"],
    [{ status: 500, body: '"secret"' }, "later", "the Alertmanager answered 500"],
    [{ status: 408 }, "later", "the Alertmanager answered 408"],
  ] as const)("%j means %s", async (answer, kind, why) => {
    sink.answer(() => answer);
    expect(await outputTo(sink.url).send([outgoing()], NEVER_ABORTED)).toEqual({ kind, why });
  });

  const date = "Sun, 22 Nov 2026 12:00:00 GMT";
  test.each([
    ["7", { after: 7_000 }],
    ["Sun, 22 Nov 2026 12:01:00 GMT", { after: 60_000 }],
    ["Sun, 22 Nov 2026 11:00:00 GMT", {}],
    ["soon", {}],
    ["-1", {}],
    ["99999999999999", {}],
  ])("Retry-After: %s is read as %j", async (retry, expected) => {
    sink.answer(() => ({ status: 503, headers: { "retry-after": retry, date } }));
    const {
      kind: _,
      why: __,
      ...rest
    } = (await outputTo(sink.url).send([outgoing()], NEVER_ABORTED)) as {
      kind: string;
      why: string;
    };
    expect(rest).toEqual(expected);
  });

  test("Delivery sends at most 256 alerts at once, in their order", async () => {
    sink.answer(() => ({ status: 200 }));
    const before = sink.requests.length;
    const observer = { attempted: () => {}, settled: () => {}, queued: () => {} };
    const ports = { clock: new HandClock(), random: () => 0, observer };
    const delivery = new Delivery(outputTo(sink.url), ALERT_PACKING, ALERTMANAGER_POLICY, ports);
    const models = Array.from({ length: 600 }, (_, n) => `model-${n}`);
    delivery.deliver(models.slice(0, 500).map((model) => outgoing({ model })));
    delivery.deliver(models.slice(500).map((model) => outgoing({ model })));
    await sink.received(before + 3);
    await delivery.stop(durationMs(10_000));
    const batches = sink.requests.slice(before).map(({ body }) => JSON.parse(body) as { labels: { model: string } }[]);
    expect(batches.map((batch) => batch.length)).toEqual([256, 256, 88]);
    expect(batches.flat().map(({ labels }) => labels.model)).toEqual(models);
    expect(delivery.status()).toEqual({ queued: 0, sent: 600, failed: 0, dropped: 0 });
  });
});

describe.skipIf(alertmanagerMissing)("to a real Alertmanager", () => {
  let alertmanager: RunningAlertmanager;
  beforeAll(async () => {
    alertmanager = await startAlertmanager();
  });
  afterAll(() => alertmanager.stop());

  const send = (...alerts: OutgoingAlert[]) => outputTo(alertmanager.url).send(alerts, NEVER_ABORTED);
  const stored = async (model: string) =>
    (await alertmanager.alerts()).filter(({ labels }) => labels["model"] === model);

  /** It believes its own clock, so these alerts begin now. */
  const now = (): EpochMs => epochMs(Date.now());
  const current = (labels: Record<string, string>): OutgoingAlert =>
    outgoing(labels, { startsAt: now(), endsAt: epochMs(now() + 240_000) });

  test("an alert arrives whole, and its fingerprint is ours", async () => {
    const alert = current({ model: "whole" });
    expect(await send(alert)).toEqual({ kind: "sent" });
    const [found] = await stored("whole");
    expect(found).toMatchObject({
      labels: alert.labels.toJSON(),
      annotations: alert.annotations,
      generatorURL: alert.generatorUrl,
      startsAt: new Date(alert.startsAt).toISOString(),
      fingerprint: fingerprint(alert.labels),
    });
  });

  test.each(HOSTILE.map((text, nth) => [text.slice(0, 40), text, nth] as const))(
    "labels like %j keep our fingerprint",
    async (_, text, nth) => {
      const alert = current({ model: text, case: `${nth}` });
      expect(await send(alert)).toEqual({ kind: "sent" });
      const found = (await alertmanager.alerts()).find(({ labels }) => labels["case"] === `${nth}`);
      expect(found?.fingerprint).toBe(fingerprint(alert.labels));
    },
  );

  test("of a batch with a bad alert it stores the good ones, and the batch is not sent again", async () => {
    const bad = { ...current({ model: "bad" }), labels: Labels.of({ "9x": "no name", model: "bad" }) };
    const outcome = await send(current({ model: "good-1" }), bad, current({ model: "good-2" }));
    expect(outcome).toEqual({ kind: "never", why: expect.stringContaining("answered 400: invalid label set") });
    expect([(await stored("good-1")).length, (await stored("bad")).length, (await stored("good-2")).length]).toEqual([
      1, 0, 1,
    ]);
  });

  test("an alert that is over is no longer among those that are active", async () => {
    const alert = current({ model: "over" });
    await send(alert);
    expect(await stored("over")).toHaveLength(1);
    await send({ ...alert, status: "resolved", endsAt: now() });
    expect(await stored("over")).toHaveLength(0);
  });
});
