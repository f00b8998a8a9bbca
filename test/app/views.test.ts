import { expect, test } from "vitest";
import { Views } from "../../src/app/views.ts";
import { Bench } from "../monitor/bench.ts";
import { SimulatedTriton } from "../monitor/simulated-triton.ts";

/** Views of a world that is told everything as it happens. */
function watched() {
  const bench = new Bench();
  const views = new Views(bench.world);
  const triton = new SimulatedTriton("bert", "resnet");
  const tick = (pages: Record<string, string | undefined> = { "gpu:8002": triton.page() }) => {
    for (const event of bench.tick(pages)) views.tell(event);
  };
  return { bench, views, triton, tick };
}

test("alerts are shown with their state, and at 0 for a while after they resolved", () => {
  const { views, triton, tick } = watched();
  tick();
  triton.load("evil");
  tick();
  const evil = () => [...views.alerts()].find(({ labels }) => labels.get("model") === "evil");
  expect(evil()).toMatchObject({ state: 2, severity: "critical" });
  for (let i = 0; i < 70; i++) tick();
  expect(evil()).toMatchObject({ state: 0 });
});

test("models that serve, and what happened to them, carry job and instance", () => {
  const { views, triton, tick } = watched();
  tick();
  triton.load("bert");
  tick();
  triton.load("bert");
  tick();
  expect([...views.models()].map(({ labels }) => String(labels))).toEqual([
    '{instance="gpu:8002", job="triton", model="bert", version="1"}',
    '{instance="gpu:8002", job="triton", model="resnet", version="1"}',
  ]);
  expect(
    [...views.modelEvents()].map(({ labels, count }) => [labels.get("event"), labels.get("model"), count]),
  ).toEqual([["reloaded", "bert", 2]]);
});

test("subjects of targets with the same instance in different jobs have different labels", () => {
  const { views, triton, tick } = watched();
  for (let i = 0; i < 3; i++) {
    triton.serve("bert", { requests: 10 });
    tick({ "blue/gpu:8002": triton.page(), "green/gpu:8002": triton.page() });
  }
  const keys = [...views.subjects()].map(({ rule, labels }) => `${rule} ${labels.get("resource")} ${labels}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test("a target shows its last scrape, its failures by kind, and whether it answers", () => {
  const { views, bench, triton, tick } = watched();
  tick();
  const lastSuccess = bench.time;
  tick({ "gpu:8002": undefined });
  tick({ "gpu:8002": "<html>\n" });
  expect([...views.targets()]).toEqual([
    expect.objectContaining({
      ...{ up: false, lastSuccess, samples: 0, durationSeconds: 0.01 },
      failures: new Map([
        ["unreachable", 1],
        ["not-metrics", 1],
      ]),
    }),
  ]);
  tick({ "gpu:8002": triton.page() });
  expect([...views.targets()][0]).toMatchObject({ up: true, bodyBytes: triton.page().length });
});
