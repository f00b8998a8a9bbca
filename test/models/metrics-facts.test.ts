import { expect, test } from "vitest";
import { Watcher } from "./watcher.ts";

/** The facts of one page, a line a model. */
function facts(page: string): string[] {
  return told(new Watcher(), 1, page);
}

function told(watcher: Watcher, at: number, page: string): string[] {
  const { models, processCounter } = watcher.facts(at, `${page.trim()}\n`);
  return [
    ...models.map(
      ({ id, serving, loadSeconds, successes, failures }) =>
        `${id.pairs.map(([, value]) => value).join(".")} ${serving ? "serves" : "gone"} ${loadSeconds} ${successes} ${failures}`,
    ),
    ...(processCounter === undefined ? [] : [`process ${processCounter}`]),
  ];
}

test("failures are summed over their reasons", () => {
  expect(
    facts(`
nv_inference_request_success{model="a",version="1"} 7
nv_inference_request_failure{model="a",reason="OTHER",version="1"} 2
nv_inference_request_failure{model="a",reason="BACKEND",version="1"} 3
nv_model_load_duration_secs{model="a",version="1"} 0.25`),
  ).toEqual(["a.1 serves 0.25 7 5"]);
});

test("the two label sets of a GPU model are one model, its load gauge the one that is not 0", () => {
  expect(
    facts(`
nv_inference_request_success{gpu_uuid="GPU-1",model="a",version="1"} 7
nv_inference_request_success{model="a",version="1"} 1
nv_inference_request_failure{gpu_uuid="GPU-1",model="a",reason="BACKEND",version="1"} 2
nv_inference_request_failure{model="a",reason="BACKEND",version="1"} 1
nv_model_load_duration_secs{gpu_uuid="GPU-1",model="a",version="1"} 0
nv_model_load_duration_secs{model="a",version="1"} 0.25
nv_energy_consumption{gpu_uuid="GPU-1"} 10.5
nv_energy_consumption{gpu_uuid="GPU-2"} 20`),
  ).toEqual(["a.1 serves 0.25 8 3", "process 30.5"]);
});

test("models of the same name in two namespaces are two models; other labels are none of its identity", () => {
  expect(
    facts(`
nv_inference_request_success{_team="x",model="a",namespace="one",version="1"} 7
nv_inference_request_success{_team="x",model="a",namespace="two",version="1"} 8`),
  ).toEqual(["a.one.1 serves undefined 7 undefined", "a.two.1 serves undefined 8 undefined"]);
});

test("failure series alone are a model that is gone", () => {
  expect(facts(`nv_inference_request_failure{model="a",reason="OTHER",version="1"} 0`)).toEqual([
    "a.1 gone undefined undefined 0",
  ]);
});

test("failures without a reason (before 24.07) prove nothing", () => {
  expect(facts(`nv_inference_request_failure{model="a",version="1"} 4\nnv_pinned_memory_pool_total_bytes 1`)).toEqual(
    [],
  );
  expect(
    facts(
      `nv_inference_request_failure{model="a",version="1"} 4\nnv_inference_request_success{model="a",version="1"} 4`,
    ),
  ).toEqual(["a.1 serves undefined 4 undefined"]);
});

test.each(["Nan", "+Inf", "-1"])("a series at %s is there and says nothing else", (value) => {
  expect(
    facts(`
nv_inference_request_success{model="a",version="1"} ${value}
nv_inference_request_failure{model="a",reason="OTHER",version="1"} ${value}
nv_model_load_duration_secs{model="a",version="1"} ${value}
nv_energy_consumption{gpu_uuid="GPU-1"} ${value}`),
  ).toEqual(["a.1 serves undefined undefined undefined"]);
});

test.each([
  ["success", "nv_inference_request_success"],
  ["load gauge", "nv_model_load_duration_secs"],
  ["count", "nv_inference_count"],
])("with only its %s left on a page with malformed lines a model still serves", (_, family) => {
  expect(facts(`${family}{model="a",version="1"} 0`)[0]).toContain("a.1 serves");
});

test("one malformed line is no unload and no reload", () => {
  const page = (success: string) =>
    `nv_inference_request_success{model="a",version="1"} ${success}\nnv_inference_count{model="a",version="1"} 7\n`;
  const watcher = new Watcher();
  expect(["7", "x", "8"].flatMap((success, i) => watcher.look(i + 1, page(success)))).toEqual([]);
});

test("a model that came back after its columns were given away is found again", () => {
  const watcher = new Watcher(10_000);
  const a = `nv_inference_request_success{model="a",version="1"} 7\n`;
  const b = `nv_inference_request_success{model="b",version="1"} 7\n`;
  let at = 0;
  expect(watcher.look(++at * 15_000, a + b)).toEqual([]);
  const gone = watcher.look(++at * 15_000, b);
  expect(gone.map((event) => event.kind)).toEqual(["unloaded"]);
  // Long enough for the ring to have passed; the page reader may still know the series.
  for (; at < 5_000; ) expect(watcher.look(++at * 15_000, b)).toEqual([]);
  expect(watcher.table.size).toBe(1);
  const c = `nv_inference_request_success{model="c",version="1"} 1\n`;
  expect(watcher.look(++at * 15_000, b + c).map((event) => event.kind)).toEqual(["loaded"]);
  expect(watcher.look(++at * 15_000, a + b + c).map((event) => event.kind)).toEqual(["loaded"]);
  expect(told(watcher, ++at * 15_000, a + b + c)).toHaveLength(3);
  expect(watcher.table.size).toBe(3);
});
