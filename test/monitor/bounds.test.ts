import { expect, test } from "vitest";
import { Bench } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

const page = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `nv_inference_request_success{model="m${from + i}",version="1"} 1\n`).join(
    "",
  );

test("a server that invents models at each scrape fills no table, and hides nothing of another server", () => {
  const bench = new Bench({ every: 15 });
  const honest = new SimulatedTriton("bert");
  for (let i = 0; i < 8; i++) bench.tick({ flood: page(i * 1_500, 1_500), honest: honest.page() });
  honest.load("evil");
  const events = bench.tick({ flood: page(12_000, 1_500), honest: honest.page() });
  expect(events.filter(({ kind }) => kind === "bug" || kind === "rule-failed")).toEqual([]);
  expect(bench.firing()).toContain("TritonModelLoaded honest");
  const { store, ruleStates, targets } = bench.world;
  for (const { table } of targets.values()) expect(table.size).toBeLessThanOrEqual(60_000);
  expect(store.recorder.size).toBeLessThanOrEqual(200_000);
  for (const rule of ruleStates.values()) {
    expect([...rule.alerts()].filter(({ is }) => is.state !== "resolved").length).toBeLessThanOrEqual(10_001);
  }
});

test("what an evaluation of a target's rules looks at are that target's alerts, however many others fire", () => {
  const bench = new Bench();
  const triton = new SimulatedTriton("bert");
  const names = Array.from({ length: 300 }, (_, i) => `gpu-${i}`);
  const everywhere = () => bench.tick(Object.fromEntries(names.map((name) => [name, triton.page()])));
  everywhere();
  triton.load("evil");
  everywhere();
  const loaded = [...bench.world.ruleStates.values()].find(({ rule }) => rule.name === "TritonModelLoaded")!;
  expect([...loaded.alerts()]).toHaveLength(300);
  for (const target of bench.world.targets.values()) expect([...loaded.alertsOf(target)]).toHaveLength(1);
});

test("an alert that ended long ago leaves nothing behind", () => {
  const bench = new Bench({ every: 15 });
  const triton = new SimulatedTriton("bert");
  bench.tick({ a: triton.page() });
  triton.load("evil");
  for (let i = 0; i < 100; i++) bench.tick({ a: triton.page() });
  const loaded = [...bench.world.ruleStates.values()].find(({ rule }) => rule.name === "TritonModelLoaded")!;
  expect(bench.story("TritonModelLoaded")).toEqual(["firing", "resolved"]);
  expect([...loaded.alerts()]).toEqual([]);
});
