import { expect, test } from "vitest";
import { Bench, rulesOf } from "./bench.ts";
import { SimulatedTriton } from "./simulated-triton.ts";

const RULES = rulesOf(`groups:
- name: g
  rules:
  - { alert: Back, expr: triton_sentinel_counter_regressions > 0 }`);

/** How many counters went back at the scrape after something happened to a server with traffic. */
function back(happens: (triton: SimulatedTriton) => void, gap = 0): number {
  const bench = new Bench({ rules: RULES });
  const triton = new SimulatedTriton("bert", "resnet");
  const serve = () => {
    for (const model of ["bert", "resnet"]) triton.serve(model, { requests: 10, failures: 1 });
  };
  for (let i = 0; i < 5; i++, serve()) bench.tick({ a: triton.page() });
  happens(triton);
  for (let i = 0; i < gap; i++) bench.tick({ a: undefined });
  bench.tick({ a: triton.page() });
  return bench.transitions.find(({ state }) => state === "firing")?.value ?? 0;
}

test("a counter that goes back is counted, also across scrapes that failed", () => {
  const lower = (triton: SimulatedTriton) => void Object.assign(triton.model("bert"), { inferences: 1 });
  expect([back(lower), back(lower, 3)]).toEqual([1, 1]);
});

test("the first counters are told with what each did", () => {
  const bench = new Bench({ rules: RULES });
  const triton = new SimulatedTriton("bert", "resnet");
  const models = ["bert", "resnet"] as const;
  const tick = (page = triton.page()) => {
    for (const model of models) triton.serve(model, { requests: 10 });
    const [scraped] = bench.tick({ a: page });
    return scraped?.kind === "scraped" ? scraped.problems : [];
  };
  for (let i = 0; i < 5; i++) expect(tick()).toEqual([]);
  Object.assign(triton.model("bert"), { inferences: 1 });
  const page = triton
    .page()
    .replace(/^nv_inference_exec_count\{model="bert".*\n/m, "")
    .replace(/^(nv_inference_request_success\{model="resnet".*\}) \d+/m, "$1 NaN");
  const told = tick(page).map(({ kind, text, why }) => [kind, text.slice(0, text.indexOf("{")), why]);
  expect(told.sort()).toEqual([
    ["regression", "nv_inference_count", "the counter fell from 40 to 1"],
    ["regression", "nv_inference_exec_count", "the counter is gone and its model serves"],
    ["regression", "nv_inference_request_success", "the counter shows NaN, which is no count"],
  ]);
});

test("counters that only grow are none", () => {
  expect(back(() => {})).toBe(0);
});

test("a model that was loaded again explains its own counters", () => {
  expect(back((triton) => triton.load("bert"))).toBe(0);
});

test("it does not explain those of another model, nor failures, which outlive every load", () => {
  const and = (other: (triton: SimulatedTriton) => void) =>
    back((triton) => {
      triton.load("bert");
      other(triton);
    });
  expect(and((triton) => Object.assign(triton.model("resnet"), { success: 1 }))).toBe(1);
  expect(and((triton) => Object.assign(triton.model("bert"), { failure: 1 }))).toBe(1);
});

test("a restart explains everything", () => {
  expect(back((triton) => triton.restart())).toBe(0);
  expect(back((triton) => triton.restart(), 2)).toBe(0);
});
