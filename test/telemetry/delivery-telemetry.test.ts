import { expect, test } from "vitest";
import type { DeliveryObserver } from "../../src/outputs/delivery-ports.ts";
import { Telemetry } from "../../src/telemetry/telemetry.ts";

const soc = { kind: "webhook", name: "soc" } as const;
const size = (messages: number) => ({ messages, alerts: messages });

function delivery() {
  const lines: string[] = [];
  const sink = { write: (line: string) => lines.push(line.replace(/^ts=\S+ /, "").trim()) };
  const telemetry = new Telemetry({
    version: "1",
    revision: "r",
    logLevel: "info",
    logFormat: "logfmt",
    sink,
    now: () => 1_795_000_000_500,
  });
  telemetry.delivery.outputKnown(soc, 1_000);
  const observer: DeliveryObserver = telemetry.delivery;
  const shown = async () =>
    (await telemetry.metricsText())
      .split("\n")
      .filter((line) => /^triton_sentinel_(notification|alertmanagers)/.test(line) && !line.includes("_bucket"));
  return { telemetry, observer, lines, shown };
}

test("an output's counts are there before anything happens", async () => {
  const { shown } = delivery();
  expect(await shown()).toEqual([
    'triton_sentinel_notifications_sent_total{output="webhook",name="soc"} 0',
    'triton_sentinel_notifications_failed_total{output="webhook",name="soc",reason="refused"} 0',
    'triton_sentinel_notifications_failed_total{output="webhook",name="soc",reason="gave-up"} 0',
    'triton_sentinel_notifications_dropped_total{output="webhook",name="soc"} 0',
    'triton_sentinel_notifications_retried_total{output="webhook",name="soc"} 0',
    'triton_sentinel_notification_queue_length{output="webhook",name="soc"} 0',
    'triton_sentinel_notification_queue_capacity{output="webhook",name="soc"} 1000',
    "triton_sentinel_alertmanagers_discovered 0",
  ]);
});

test("what is sent is counted, with its time and how long it took", async () => {
  const { observer, shown, lines } = delivery();
  observer.queued(soc, size(3));
  observer.attempted(soc, { kind: "sent" }, size(2), 0.5);
  observer.settled(soc, "sent", size(2));
  const text = await shown();
  for (const line of [
    'triton_sentinel_notifications_sent_total{output="webhook",name="soc"} 2',
    'triton_sentinel_notification_queue_length{output="webhook",name="soc"} 3',
    'triton_sentinel_notification_last_success_timestamp_seconds{output="webhook",name="soc"} 1795000000.5',
    'triton_sentinel_notification_latency_seconds_sum{output="webhook"} 0.5',
  ]) {
    expect(text).toContain(line);
  }
  expect(lines).toEqual([]);
});

test("a refusal is told from giving up after trying, and what had no room from both", async () => {
  const { observer, shown } = delivery();
  observer.attempted(soc, { kind: "never", why: "400" }, size(1), 0.1);
  observer.settled(soc, "failed", size(1), "400");
  observer.attempted(soc, { kind: "later", why: "503" }, size(2), 0.1);
  observer.settled(soc, "failed", size(2), "not sent within 1h");
  observer.settled(soc, "failed", size(4), "not sent within 1h");
  observer.settled(soc, "dropped", size(8), "more than 1000 waited");
  const text = await shown();
  for (const line of [
    'triton_sentinel_notifications_failed_total{output="webhook",name="soc",reason="refused"} 1',
    'triton_sentinel_notifications_failed_total{output="webhook",name="soc",reason="gave-up"} 6',
    'triton_sentinel_notifications_dropped_total{output="webhook",name="soc"} 8',
    'triton_sentinel_notifications_retried_total{output="webhook",name="soc"} 2',
  ]) {
    expect(text).toContain(line);
  }
});

test("it is told when an output begins to fail, when something is lost, and when it works again", () => {
  const { observer, lines } = delivery();
  for (let i = 0; i < 3; i++) observer.attempted(soc, { kind: "later", why: "no\nanswer" }, size(1), 0.1);
  observer.settled(soc, "failed", size(1), "too late");
  observer.attempted(soc, { kind: "sent" }, size(1), 0.1);
  observer.attempted(soc, { kind: "sent" }, size(1), 0.1);
  expect(lines).toEqual([
    'level=warn msg="delivery fails" output=webhook name=soc why="no\\nanswer"',
    'level=error msg="notifications failed" output=webhook name=soc count=1 why="too late"',
    'level=info msg="delivery works again" output=webhook name=soc',
  ]);
});

test("an output that is there no longer is forgotten", async () => {
  const { telemetry, observer, shown } = delivery();
  observer.attempted(soc, { kind: "never", why: "400" }, size(1), 0.1);
  observer.settled(soc, "failed", size(1), "400");
  telemetry.delivery.outputGone(soc);
  expect((await shown()).filter((line) => line.includes('name="soc"'))).toEqual([]);
});

test("alerts for which a group has no room are lost notifications", async () => {
  const { telemetry, lines, shown } = delivery();
  telemetry.delivery.alertsLeftOut(soc, 3);
  expect(await shown()).toContain('triton_sentinel_notifications_dropped_total{output="webhook",name="soc"} 3');
  expect(lines).toEqual([
    'level=error msg="alerts left out of a notification: its group is full" output=webhook name=soc count=3',
  ]);
});

test("Alertmanagers are counted, told when their number changes, and when one is left out", async () => {
  const { telemetry, lines, shown } = delivery();
  for (const count of [0, 2, 2, 1]) telemetry.delivery.alertmanagersFound(count);
  telemetry.delivery.alertmanagerDropped("evil\n:9093", "no address");
  expect(await shown()).toContain("triton_sentinel_alertmanagers_discovered 1");
  expect(lines).toEqual([
    'level=info msg="Alertmanagers found" count=2',
    'level=info msg="Alertmanagers found" count=1',
    String.raw`level=warn msg="Alertmanager left out" address="evil\n:9093" why="no address"`,
  ]);
});
