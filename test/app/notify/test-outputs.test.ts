import { afterEach, expect, test } from "vitest";
import type { NotifySettings } from "../../../src/app/notify/notify-settings.ts";
import { testOutputs } from "../../../src/app/notify/test-outputs.ts";
import { Labels } from "../../../src/series/labels.ts";
import { refusedPort } from "../../support/ports.ts";
import { type Sink, startSink } from "../../support/sink.ts";
import { startSmtp } from "../../support/smtp.ts";
import { alertmanagers, email, SETTINGS, webhook } from "./desk.ts";
import { HandClock } from "./hand-clock.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function sink(): Promise<Sink> {
  const started = await startSink();
  open.push(started);
  return started;
}

const hostOf = ({ url }: Sink): string => new URL(url).host;

/** Tests the outputs of some settings. @returns `webhook soc sent` and so on, and what was logged */
async function tested(settings: Partial<NotifySettings>, name?: string) {
  const logged: string[] = [];
  const log = (fields: Readonly<Record<string, unknown>>) => logged.push(String(fields["alertname"]));
  const clock = new HandClock(Date.UTC(2026, 10, 23, 8));
  const results = testOutputs({ ...SETTINGS, ...settings }, name, {
    clock,
    userAgent: "test",
    log: { info: log, warn: log },
    discover: (options) => ({
      start: (found) => {
        if (options.kind !== "static") return;
        found([{ source: "static", targets: options.targets.map((address) => Labels.of({ __address__: address })) }]);
      },
      stop: async () => {},
    }),
  });
  // Whoever is looked for in vain is looked for ten seconds.
  clock.goTo(clock.now() + 10_000);
  const lines = (await results).map(({ kind, name: of, outcome }) => `${kind} ${of} ${outcome.kind}`);
  return { lines, logged };
}

test("a marked alert goes through every output", async () => {
  const [am, hook] = [await sink(), await sink()];
  const smtp = await startSmtp();
  open.push(smtp);
  const { lines, logged } = await tested({
    alerting: { ...SETTINGS.alerting, alertmanagers: [alertmanagers(hostOf(am))] },
    outputs: {
      email: [email("ops", smtp.port)],
      webhook: [webhook("soc", hook.url)],
      log: { ...SETTINGS.outputs.log, enabled: true },
    },
  });
  expect(lines).toEqual([`alertmanager ${am.url} sent`, "email ops sent", "webhook soc sent", "log log sent"]);
  expect(logged).toEqual(["TritonSentinelTest"]);
  const [alert] = JSON.parse(am.requests[0]!.body);
  expect(alert.labels).toEqual({ alertname: "TritonSentinelTest", cluster: "eu", severity: "info", test: "true" });
  expect(alert.annotations.summary).toContain("test");
  // It ends by itself: an Alertmanager that heard of the end at once would tell nobody of the beginning.
  expect(Date.parse(alert.endsAt) - Date.parse(alert.startsAt)).toBe(300_000);
  expect(JSON.parse(hook.requests[0]!.body)).toMatchObject({
    receiver: "soc",
    status: "firing",
    commonLabels: alert.labels,
  });
  expect(smtp.mails[0]?.raw).toContain("TritonSentinelTest");
});

test("one that is refused and one that cannot be reached are told apart", async () => {
  const hook = await sink();
  hook.answer(() => ({ status: 403 }));
  const { lines } = await tested({
    outputs: {
      ...SETTINGS.outputs,
      webhook: [webhook("soc", hook.url), webhook("gone", `http://127.0.0.1:${await refusedPort()}`)],
    },
  });
  expect(lines).toEqual(["webhook soc never", "webhook gone later"]);
});

test("only the one named is tested", async () => {
  const [one, other] = [await sink(), await sink()];
  const settings = {
    outputs: { ...SETTINGS.outputs, webhook: [webhook("one", one.url), webhook("other", other.url)] },
  };
  expect((await tested(settings, "other")).lines).toEqual(["webhook other sent"]);
  expect(one.requests).toHaveLength(0);
  await expect(tested(settings, "another")).rejects.toThrow('Cannot find output "another": expected "one" or "other"');
});

test("Alertmanagers that nobody finds are told as such, and none at all is a mistake", async () => {
  const nowhere = alertmanagers();
  const group = {
    ...nowhere,
    discoveries: [{ kind: "file" as const, files: ["/nowhere/*.yml"], refreshInterval: SETTINGS.evaluationInterval }],
  };
  const { lines } = await tested({ alerting: { ...SETTINGS.alerting, alertmanagers: [group] } });
  expect(lines).toEqual(["alertmanager  later"]);
  await expect(tested({})).rejects.toThrow("Cannot test outputs: the configuration names none");
});
