import { afterEach, describe, expect, test } from "vitest";
import type { InhibitRule } from "../../../src/alerts/inhibition.ts";
import { loadConfig } from "../../../src/config/load-config.ts";
import type { Labels } from "../../../src/series/labels.ts";
import { matcher } from "../../../src/series/matchers.ts";
import { durationMs, SECOND } from "../../../src/series/time.ts";
import { Bench } from "../../monitor/bench.ts";
import { SimulatedTriton } from "../../monitor/simulated-triton.ts";
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
  const keptBackBy = desk.notifier.inhibitedBy(desk.bench.world)(down.labels, desk.bench.time);
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

/** Twelve models, of which five fail at once; one of them goes on, and half an hour later another one begins to fail. */
async function incident(inhibitRules: readonly InhibitRule[]) {
  const hook = await startSink();
  open.push(hook);
  const desk = new Desk({ inhibitRules, outputs: { ...SETTINGS.outputs, webhook: [webhook("soc", hook.url)] } });
  const models = Array.from({ length: 12 }, (_, i) => `m${i}`);
  const triton = new SimulatedTriton(...models);
  const bench = new Bench({ every: 15 });
  const pass = (ticks: number, fails: (model: string) => boolean) => {
    for (let i = 0; i < ticks; i++) {
      for (const model of models) {
        const failures = fails(model) ? 150 : 0;
        triton.serve(model, { requests: 300 - failures + (i % 5), failures });
      }
      desk.clock.goTo(bench.now + 15_000);
      desk.notifier.tell(bench.tick({ "gpu-0:8002": triton.page() }), bench.world, bench.time);
    }
  };
  const kept = () => {
    const by = desk.notifier.inhibitedBy(bench.world);
    return [...bench.world.ruleStates.values()].flatMap((state) =>
      [...state.alerts()].flatMap(({ labels, is }) =>
        is.state === "firing" && labels.get("alertname") === "TritonErrorRatioAnomaly"
          ? [`${labels.get("model")} ${by(labels, is.firedAt)?.get("alertname") ?? "told"}`]
          : [],
      ),
    );
  };
  pass(60, () => false);
  pass(8, (model) => models.indexOf(model) < 5);
  const atOnce = kept();
  pass(112, (model) => model === "m0");
  pass(8, (model) => model === "m0" || model === "m11");
  const later = kept();
  await desk.notifier.stop(durationMs(5 * SECOND));
  const alerts = hook.requests.flatMap(({ body }) => JSON.parse(body).alerts as { labels: Record<string, string> }[]);
  const named = (name: string) => alerts.filter(({ labels }) => labels["alertname"] === name);
  const failing = new Set(named("TritonErrorRatioAnomaly").map(({ labels }) => labels["model"]));
  return { atOnce, later, failing: [...failing], incidents: named("TritonFleetAnomaly").length };
}

describe("an incident of the fleet", () => {
  const jobs = "scrape_configs: [{ job_name: t, static_configs: [{ targets: ['a:1'] }] }]\n";
  const loaded = loadConfig("c.yml", jobs, new Map());
  const byDefault = loaded.kind === "ok" ? loaded.config.inhibitRules : [];

  test("keeps back by default what began with it, and tells what begins under it later", async () => {
    const { atOnce, later, failing, incidents } = await incident(byDefault);
    expect(atOnce.sort()).toEqual([0, 1, 2, 3, 4].map((i) => `m${i} TritonFleetAnomaly`));
    expect(later.sort()).toEqual(["m0 TritonFleetAnomaly", "m11 told"]);
    expect(incidents).toBeGreaterThan(0);
    expect(failing).toEqual(["m11"]);
  });

  test("keeps back all while it lasts where the rule does not ask when they began, as Alertmanager does", async () => {
    const { later, failing } = await incident(byDefault.map(({ beganWithin: _, ...rule }) => rule));
    expect(later.sort()).toEqual(["m0 TritonFleetAnomaly", "m11 TritonFleetAnomaly"]);
    expect(failing).toEqual([]);
  });
});
