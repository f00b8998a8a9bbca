import { RE2JS } from "re2js";
import { afterEach, describe, expect, test } from "vitest";
import { Labels } from "../../../src/series/labels.ts";
import type { RelabelRule } from "../../../src/series/relabel-rule.ts";
import { durationMs, SECOND } from "../../../src/series/time.ts";
import { alertmanagerMissing, startAlertmanager } from "../../support/alertmanager.ts";
import { parseMail } from "../../support/mail.ts";
import { type Sink, startSink } from "../../support/sink.ts";
import { startSmtp } from "../../support/smtp.ts";
import { alertmanagers, Desk, email, SETTINGS, webhook } from "./desk.ts";

const GRACE = durationMs(5 * SECOND);
const hostOf = ({ url }: { readonly url: string }): string => new URL(url).host;

/** What a test started, ended after it. */
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function sink(): Promise<Sink> {
  const started = await startSink();
  open.push(started);
  return started;
}

function desk(settings: ConstructorParameters<typeof Desk>[0], now?: number): Desk {
  const made = new Desk(settings, now);
  open.push({ close: () => made.notifier.stop(GRACE) });
  return made;
}

const outputs = (some: Partial<(typeof SETTINGS)["outputs"]>) => ({ outputs: { ...SETTINGS.outputs, ...some } });
const alerting = (...groups: readonly ReturnType<typeof alertmanagers>[]) => ({
  alerting: { ...SETTINGS.alerting, alertmanagers: groups },
});

interface Payload {
  readonly status: string;
  readonly notification_reason: string;
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
}
const payloads = ({ requests }: Sink): Payload[] => requests.map(({ body }) => JSON.parse(body));
/** `firing TargetDown` for each alert an Alertmanager was sent. */
const pushed = ({ requests }: Sink): string[] =>
  requests.flatMap(({ body }) =>
    (JSON.parse(body) as Payload["alerts"]).map(({ labels }) => labels["alertname"] ?? ""),
  );

const quick = { groupWait: durationMs(5 * SECOND), groupInterval: durationMs(10 * SECOND) };
const names = (alerts: readonly { readonly labels: Readonly<Record<string, string>> }[]) =>
  alerts.map(({ labels }) => labels["alertname"]).sort();

test.skipIf(alertmanagerMissing)(
  "an alert and its end reach a real Alertmanager, a mailbox and a webhook",
  async () => {
    const am = await startAlertmanager();
    open.push({ close: () => am.stop() });
    const smtp = await startSmtp();
    open.push(smtp);
    const hook = await sink();
    const mailed = email("ops", smtp.port);
    const hooked = webhook("soc", hook.url);
    const settings = {
      ...alerting(alertmanagers(hostOf(am))),
      ...outputs({
        email: [{ ...mailed, receiver: { ...mailed.receiver, ...quick } }],
        webhook: [{ ...hooked, receiver: { ...hooked.receiver, ...quick } }],
      }),
    };
    // Alertmanager goes by the real time: what is to have ended must lie behind it.
    const it = desk(settings, Date.now() - 60_000);
    const all = async (times: number) => {
      for (const name of [`alertmanager ${am.url}`, "email ops", "webhook soc"]) await it.heard(`sent ${name}`, times);
    };

    it.step(false);
    it.pass(5);
    await all(1);
    const stored = await am.alerts();
    expect(names(stored)).toEqual(["TargetDown", "Watchdog"]);
    const down = stored.find(({ labels }) => labels["alertname"] === "TargetDown");
    expect(down).toMatchObject({
      labels: { alertname: "TargetDown", cluster: "eu", instance: "gpu-1:8002", job: "triton", severity: "critical" },
      annotations: {
        summary: "gpu-1:8002 is down",
        runbook_url: "https://sentinel.example.org/runbooks/TritonTargetDown",
      },
    });
    expect(down?.generatorURL).toMatch(/^https:\/\/sentinel\.example\.org\/alerts\/[0-9a-f]{16}$/);
    const [first] = payloads(hook);
    expect(first).toMatchObject({ status: "firing", notification_reason: "first notification" });
    expect(first?.alerts).toMatchObject([{ fingerprint: down?.fingerprint, generatorURL: down?.generatorURL }]);
    expect(parseMail(smtp.mails[0]!.raw).header("subject")).toContain("TargetDown gpu-1:8002");

    it.step(true);
    it.pass(10);
    await all(2);
    expect(names(await am.alerts())).toEqual(["Watchdog"]);
    expect(payloads(hook)[1]).toMatchObject({ status: "resolved", notification_reason: "all alerts resolved" });
    expect(smtp.mails).toHaveLength(2);
  },
);

describe("an output that is slow or down", () => {
  test("holds up no step and no other output", async () => {
    const slow = await sink();
    slow.answer(() => "hang");
    const quickOne = await sink();
    const it = desk({
      ...alerting(alertmanagers(hostOf(slow), hostOf(quickOne))),
      ...outputs({ webhook: [webhook("slow", slow.url), webhook("quick", quickOne.url)] }),
    });
    it.step(false);
    it.pass(30);
    await it.heard("sent webhook quick");
    await it.heard(`sent alertmanager ${quickOne.url}`);
    for (let i = 0; i < 10; i++) it.step(i % 2 === 0);
    const waiting = it.notifier.status().filter(({ queued }) => queued > 0);
    expect(waiting.map(({ kind }) => kind)).toContain("alertmanager");
    // What hangs is given up when the desk is cleared; nobody waits for it here.
    slow.answer(() => ({ status: 200 }));
    it.pass(60);
  });

  test("that refuses a notification is told again with the next", async () => {
    const hook = await sink();
    hook.answer(() => ({ status: 403 }));
    const it = desk(outputs({ webhook: [webhook("soc", hook.url)] }));
    it.step(false);
    it.pass(30);
    await it.heard("failed webhook soc");
    hook.answer(() => ({ status: 200 }));
    it.step(false);
    it.pass(300);
    await it.heard("sent webhook soc");
    expect(payloads(hook).map(({ notification_reason }) => notification_reason)).toEqual([
      "first notification",
      "first notification",
    ]);
    expect(it.notifier.status()).toMatchObject([{ kind: "webhook", name: "soc", sent: 1, failed: 1, queued: 0 }]);
  });

  test("for so long that a notification is given up is told anew", async () => {
    const hook = await sink();
    hook.answer(() => ({ status: 503 }));
    const it = desk(outputs({ webhook: [webhook("soc", hook.url)] }));
    it.step(false);
    it.pass(30);
    // Once when it is queued, and once when it is back in the queue and its pause has begun.
    await it.heard("queued 1 webhook soc", 2);
    hook.answer(() => ({ status: 200 }));
    it.pass(3_700);
    await it.heard("failed webhook soc");
    it.pass(300);
    await it.heard("sent webhook soc");
    expect(hook.requests).toHaveLength(2);
  });
});

describe("Alertmanagers", () => {
  test("are sent to from the step after they were found, and no longer once they are gone", async () => {
    const [one, other] = [await sink(), await sink()];
    const it = desk(alerting(alertmanagers(hostOf(one))));
    it.step(false);
    await it.heard(`sent alertmanager ${one.url}`);
    expect(pushed(one)).toEqual(["TargetDown", "Watchdog"]);
    const target = (at: Sink) => Labels.of({ __address__: hostOf(at) });
    it.looking[0]!([{ source: "file", targets: [target(one), target(other)] }]);
    it.step(false);
    await it.heard(`sent alertmanager ${other.url}`);
    expect(pushed(other)).toEqual(["TargetDown", "Watchdog"]);
    it.looking[0]!([{ source: "file", targets: [target(other), Labels.of({ __address__: "no port:x" })] }]);
    await it.heard(`gone alertmanager ${one.url}`);
    expect(it.told.filter((what) => /^(found|dropped)/.test(what))).toEqual([
      "found 1",
      "found 1",
      "found 2",
      "dropped no port:x: its address is no host and port",
      "found 1",
    ]);
    expect(it.notifier.status().map(({ name }) => name)).toEqual([other.url]);
  });

  test("are each sent alerts as their own relabelling leaves them", async () => {
    const [one, other] = [await sink(), await sink()];
    const dropping: RelabelRule = {
      action: "drop",
      sourceLabels: ["severity"],
      separator: ";",
      regex: RE2JS.compile("^(?s:none)$"),
      replacement: "$1",
      targetLabel: "",
      modulus: 0,
    };
    const it = desk(
      alerting(alertmanagers(hostOf(one)), { ...alertmanagers(hostOf(other)), alertRelabel: [dropping] }),
    );
    it.step(false);
    await it.heard(`sent alertmanager ${one.url}`);
    await it.heard(`sent alertmanager ${other.url}`);
    expect([pushed(one), pushed(other)]).toEqual([["TargetDown", "Watchdog"], ["TargetDown"]]);
  });
});

describe("a reload", () => {
  test("leaves outputs alone that are configured as before, and what they were told", async () => {
    const hook = await sink();
    const it = desk(outputs({ webhook: [webhook("soc", hook.url)] }));
    it.step(false);
    it.pass(30);
    await it.heard("sent webhook soc");
    it.notifier.replace({ ...SETTINGS, ...outputs({ webhook: [webhook("soc", hook.url)] }) });
    it.step(false);
    it.pass(600);
    expect(hook.requests).toHaveLength(1);
    expect(it.notifier.status()).toMatchObject([{ name: "soc", sent: 1 }]);
  });

  test("begins anew with an output that is configured otherwise, be it only another secret", async () => {
    const [before, after] = [await sink(), await sink()];
    const it = desk(outputs({ webhook: [webhook("soc", before.url)] }));
    it.step(false);
    it.pass(30);
    await it.heard("sent webhook soc");
    it.notifier.replace({ ...SETTINGS, ...outputs({ webhook: [webhook("soc", after.url)] }) });
    it.step(false);
    it.pass(30);
    await it.heard("sent webhook soc", 2);
    expect([before.requests.length, after.requests.length]).toEqual([1, 1]);
    expect(it.told).not.toContain("gone webhook soc");
  });

  test("tells what still waits before an output goes", async () => {
    const hook = await sink();
    const it = desk(outputs({ webhook: [webhook("soc", hook.url)] }));
    it.step(false);
    it.notifier.replace(SETTINGS);
    await it.heard("gone webhook soc");
    expect(payloads(hook).map(({ status }) => status)).toEqual(["firing"]);
    expect(it.notifier.status()).toEqual([]);
  });
});

test("when the program stops, what is new is told without waiting", async () => {
  const hook = await sink();
  const it = desk(outputs({ webhook: [webhook("soc", hook.url)] }));
  it.step(false);
  expect(hook.requests).toHaveLength(0);
  await it.notifier.stop(GRACE);
  expect(payloads(hook).map(({ alerts }) => names(alerts))).toEqual([["TargetDown"]]);
  it.step(true);
  expect(it.clock.timers).toBe(0);
});

test("notifications become log lines where that is wanted", async () => {
  const it = desk(outputs({ log: { ...SETTINGS.outputs.log, enabled: true } }));
  it.step(false);
  it.pass(30);
  await it.heard("sent log log");
  expect(it.logged).toEqual(["alert firing"]);
});
