import { describe, expect, test } from "vitest";
import { Bench, rulesOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

/** Seconds for which counters stand still while work of a kind goes on, as a rule reads them. */
const RULES = rulesOf(`groups:
- name: g
  rules:
  - { alert: Frozen, expr: triton_sentinel_counters_frozen_seconds > 0 }`);

/** What `Frozen` says after so many scrapes, each of them prepared by `each`. */
function frozen(scrapes: number, each: (triton: SimulatedTriton, i: number) => void): Record<string, number> {
  const bench = new Bench({ rules: RULES, every: 5 });
  const triton = new SimulatedTriton("bert");
  for (let i = 0; i < scrapes; i++) {
    each(triton, i);
    bench.tick({ a: triton.page() });
  }
  const alerts = [...bench.world.ruleStates.values()].flatMap((rule) => [...rule.alerts()]);
  return Object.fromEntries(
    alerts.filter(({ is }) => is.state === "firing").map(({ labels, value }) => [labels.get("work"), value]),
  );
}

const pending = (triton: SimulatedTriton, count: number): void => {
  triton.model("bert").pending = count;
};
const gpu = (triton: SimulatedTriton, share: number): void => {
  triton.gauges.set("nv_gpu_utilization", [share, { gpu_uuid: "GPU-1" }]);
};

describe("counters that stand still are told with the seconds and the work that shows it", () => {
  test("a queue that shrank three times is work", () => {
    expect(frozen(8, (triton, i) => pending(triton, i % 2))).toEqual({ queue: 35 });
  });

  test("a queue that shrank twice may be one slow batch, and one that only grows shows no work", () => {
    expect(frozen(5, (triton, i) => pending(triton, i % 2))).toEqual({});
    expect(frozen(20, (triton, i) => pending(triton, i))).toEqual({});
  });

  test("a GPU that never rests is work, one that rested once is not", () => {
    expect(frozen(5, (triton) => gpu(triton, 0.5))).toEqual({ gpu: 20 });
    expect(frozen(20, (triton, i) => gpu(triton, i === 10 ? 0 : 0.5))).toEqual({});
  });

  test("one request that is counted starts the time over", () => {
    const requests = (triton: SimulatedTriton, i: number) => {
      gpu(triton, 0.5);
      if (i === 10) triton.serve("bert", { requests: 1 });
    };
    expect(frozen(15, requests)).toEqual({ gpu: 20 });
  });

  test("a failure that is counted starts the time over too, and so does a model that comes", () => {
    const beside = (happens: (triton: SimulatedTriton, i: number) => void) =>
      frozen(8, (triton, i) => {
        pending(triton, i % 2);
        happens(triton, i);
      });
    expect(beside((triton) => triton.serve("bert", { failures: 1 }))).toEqual({});
    expect(beside((triton, i) => triton.load(`m${i}`))).toEqual({});
  });

  test("two scrapes say nothing yet", () => {
    expect(frozen(3, (triton) => gpu(triton, 0.5))).toEqual({});
  });
});

test("a scrape that failed starts the time over: what happened meanwhile is not known", () => {
  const bench = new Bench({ rules: RULES, every: 5 });
  const triton = new SimulatedTriton("bert");
  gpu(triton, 0.5);
  for (let i = 0; i < 20; i++) bench.tick({ a: i === 17 ? undefined : triton.page() });
  expect(bench.story("Frozen").at(-1)).toBe("resolved");
});
