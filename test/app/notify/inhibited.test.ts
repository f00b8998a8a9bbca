import { afterEach, expect, test } from "vitest";
import type { InhibitRule } from "../../../src/alerts/inhibition.ts";
import type { Labels } from "../../../src/series/labels.ts";
import { matcher } from "../../../src/series/matchers.ts";
import { durationMs, SECOND } from "../../../src/series/time.ts";
import { startSink } from "../../support/sink.ts";
import { alertmanagers, Desk, SETTINGS, webhook } from "./desk.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** The watchdog, which always fires, keeps back that a target is down. The label `cluster` is added on the way out. */
const RULE: InhibitRule = {
  source: [matcher("alertname", "=", "Watchdog"), matcher("cluster", "=", "eu")],
  target: [matcher("alertname", "=", "TargetDown")],
  equal: ["cluster"],
};

async function told(inhibitRules: readonly InhibitRule[]) {
  const [hook, manager] = [await startSink(), await startSink()];
  open.push(hook, manager);
  const desk = new Desk({
    inhibitRules,
    alerting: { ...SETTINGS.alerting, alertmanagers: [alertmanagers(new URL(manager.url).host)] },
    outputs: {
      ...SETTINGS.outputs,
      webhook: [webhook("soc", hook.url)],
      log: { enabled: true, receiver: SETTINGS.outputs.log.receiver },
    },
  });
  for (const answers of [true, false, false]) desk.step(answers);
  await desk.heard(`sent alertmanager ${manager.url}`);
  const isAbout = ({ labels }: { readonly labels: Labels }) => labels.get("alertname") === "TargetDown";
  const down = [...desk.bench.world.ruleStates.values()].flatMap((state) => [...state.alerts()]).find(isAbout)!;
  const keptBackBy = desk.notifier.inhibitedBy(desk.bench.world)(down.labels);
  desk.pass(60);
  await desk.notifier.stop(durationMs(5 * SECOND));
  const names = ({ requests }: typeof hook) => requests.flatMap(({ body }) => body.match(/TargetDown/g)?.[0] ?? []);
  return { webhook: names(hook), alertmanager: names(manager), logged: desk.logged, keptBackBy };
}

test("an alert that is kept back reaches the log and Alertmanagers, which keep back themselves, and no webhook", async () => {
  const { webhook: hook, alertmanager, logged, keptBackBy } = await told([RULE]);
  expect(hook).toEqual([]);
  expect(alertmanager.length).toBeGreaterThan(0);
  expect(logged.length).toBeGreaterThan(0);
  expect(keptBackBy?.toJSON()).toEqual({ alertname: "Watchdog", severity: "none" });
});

test("without such a rule it reaches all of them", async () => {
  const { webhook: hook, alertmanager, keptBackBy } = await told([]);
  expect(hook.length).toBeGreaterThan(0);
  expect(alertmanager.length).toBeGreaterThan(0);
  expect(keptBackBy).toBeUndefined();
});

test("a rule that asks for a label which relabelling on the way out does not give keeps nothing back", async () => {
  const { keptBackBy } = await told([{ ...RULE, source: [matcher("cluster", "=", "us")] }]);
  expect(keptBackBy).toBeUndefined();
});
