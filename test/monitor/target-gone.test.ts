import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { matcher } from "../../src/series/matchers.ts";
import { Bench, rulesOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

const target = (instance: string, job = "triton") => Labels.of({ job, instance });
const gone = (...instances: readonly string[]) =>
  instances.map((instance) => ({ kind: "target-gone", target: target(instance) }) as const);

const RULES = rulesOf(`groups:
- name: g
  rules:
  - { alert: Loaded, detect: { models: [loaded] }, keep_firing_for: 10m }
  - { alert: Waiting, detect: { level: nv_inference_pending_request_count } }
  - { record: "load:max", expr: max by (instance) (nv_model_load_duration_secs) }
  - { alert: Served, expr: nv_inference_request_success > 5, keep_firing_for: 10m }
  - { alert: Fleet, expr: sum(nv_inference_request_success) > 5 }
  - { alert: Firing, expr: 'count by (instance) (ALERTS{alertname="Loaded"}) > 0' }
`);

/** Two servers on which a model was loaded, and requests were answered. */
function busy(...names: readonly string[]): { readonly bench: Bench; readonly triton: SimulatedTriton } {
  const bench = new Bench({ rules: RULES });
  const triton = new SimulatedTriton("bert");
  const tick = () => bench.tick(Object.fromEntries(names.map((name) => [name, triton.page()])));
  tick();
  triton.load("evil");
  triton.serve("bert", { requests: 9 });
  tick();
  return { bench, triton };
}

test("its alerts end with the reason, those of rules over all targets too, and no others", () => {
  const { bench } = busy("a", "b");
  bench.now += 1_000;
  const events = bench.give(gone("a"));
  const ended = events.flatMap((event) => (event.kind === "transition" ? [event.transition] : []));
  expect(
    ended.map(({ labels, state, reason }) => [labels.get("alertname"), labels.get("instance"), state, reason]),
  ).toEqual([
    ["Loaded", "a", "resolved", "target-removed"],
    ["Served", "a", "resolved", "target-removed"],
    ["Firing", "a", "resolved", "target-removed"],
  ]);
  expect(events.at(-1)).toEqual({ kind: "target-gone", target: target("a"), at: bench.time, ended: 3 });
  expect(bench.firing()).toEqual(["Loaded b", "Served b", "Fleet", "Firing b"]);
});

test("nothing is left of its series, and a rule that looks back finds none", () => {
  const { bench } = busy("a", "b");
  bench.give(gone("a"));
  const { store } = bench.world;
  const left = store.select([matcher("instance", "=", "a")]).map(({ labels }) => String(labels));
  expect(left).toEqual([]);
  expect(store.select([matcher("instance", "=", "b")]).length).toBeGreaterThan(5);
  bench.tick({ b: new SimulatedTriton("bert").page() });
  expect(store.select([matcher("instance", "=", "a")])).toEqual([]);
});

test("its alerts are shown as resolved for a quarter of an hour, or until they are there again", () => {
  const { bench, triton } = busy("a", "b");
  bench.give(gone("a"));
  const names = () => [...bench.world.ended.all()].map(({ alert }) => alert.labels.get("alertname"));
  expect(names()).toEqual(["Loaded", "Served", "Firing"]);
  bench.tick({ a: triton.page() });
  expect(names()).toEqual(["Loaded", "Firing"]);
  bench.now += 16 * 60_000;
  bench.tick({ a: triton.page() });
  expect(names()).toEqual([]);
});

test("one that comes back is a new one: what it serves is its start-up set, and an older page is news", () => {
  const { bench, triton } = busy("a");
  bench.give(gone("a"));
  bench.now -= 60_000;
  triton.load("other");
  const events = bench.tick({ a: triton.page() });
  expect(events.filter(({ kind }) => kind === "model" || kind === "bug")).toEqual([]);
  expect(events.find(({ kind }) => kind === "scraped")).toMatchObject({ outcome: "page" });
  triton.load("third");
  bench.tick({ a: triton.page() });
  expect(bench.story("Loaded", "third")).toEqual(["firing"]);
});

test("another job's target of the same instance keeps what speaks of both", () => {
  const { bench, triton } = busy("blue/a", "green/a");
  bench.give([{ kind: "target-gone", target: target("a", "blue") }]);
  const held = [...bench.world.ruleStates.values()].flatMap((state) => [...state.alerts()]);
  const jobs = held.map(({ labels }) => `${labels.get("alertname")} ${labels.get("job") ?? ""}`.trim());
  expect(jobs).toContain("Served green");
  expect(jobs).toContain("Firing");
  bench.tick({ "green/a": triton.page() });
  expect(bench.story("Firing")).toEqual(["firing"]);
});

test("one that was never scraped is nothing", () => {
  const { bench } = busy("b");
  expect(bench.give(gone("a"))).toEqual([]);
  expect(bench.firing()).toContain("Loaded b");
});

test("what it refused is still counted", () => {
  const { bench } = busy("a");
  const before = bench.world.refused();
  bench.world.targets.get(target("a").key)!.table.refused += 7;
  bench.give(gone("a"));
  expect(bench.world.refused()).toEqual({ ...before, series: 7 });
});

test("ten thousand targets that come and go leave no memory behind", () => {
  const bench = new Bench({ rules: RULES, every: 60 });
  const triton = new SimulatedTriton("bert", "resnet");
  triton.serve("bert", { requests: 9 });
  const collect = collector();
  const round = (from: number) => {
    const names = Array.from({ length: 250 }, (_, i) => `gpu-${from + i}`);
    const page = triton.page();
    bench.tick(Object.fromEntries(names.map((name) => [name, page])));
    expect(bench.firing().length).toBeGreaterThan(250);
    bench.give(gone(...names));
    bench.now += 20 * 60_000;
    bench.tick({});
    bench.events.length = 0;
  };
  const held = () => {
    const { store, targets, targetRules, history, ended } = bench.world;
    const { size, bytes } = store.recorder;
    return {
      ...{ size, bytes, samples: store.bytes, targets: targets.size, rules: targetRules.size, history: history.bytes },
      ...{ tables: [...store.tables()].length, ended: [...ended.all()].length },
    };
  };
  round(0);
  const [before, heap] = [held(), collect()];
  for (let i = 1; i < 40; i++) round(i * 250);
  expect(held()).toEqual(before);
  expect(before).toMatchObject({ targets: 0, rules: 0, history: 0, tables: 0, ended: 0 });
  // A target is 50 kB. Those of the last round may still be on the stack.
  expect(collect() - heap).toBeLessThan(40 * 1024 * 1024);
}, 120_000);

/** Collects garbage and says how much memory is left in use. */
function collector(): () => number {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  return () => {
    // What a WeakMap holds goes in the round after its key.
    for (let i = 0; i < 4; i++) gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
}
