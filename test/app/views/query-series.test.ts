import { describe, expect, test } from "vitest";
import { Labels } from "../../../src/series/labels.ts";
import { metric, views } from "./queried.ts";

describe("series", () => {
  const of = (more: object) => ({ selectors: [], limit: 0, ...more });

  test("are chosen by any of the selectors, each once", async () => {
    const found = await views().views.series(of({ selectors: ["y", '{__name__=~"x|y",instance="a:1"}'] }));
    expect(found).toEqual({
      kind: "data",
      data: [metric("y", "a:1"), metric("x", "a:1", { model: "m" }), metric("x", "a:1", { model: "n" })],
    });
  });

  test("must have a sample in the span", async () => {
    const { views: views60, start } = views();
    const names = async (from: number | undefined, to: number | undefined) => {
      const span = { ...(from !== undefined && { from: start + from }), ...(to !== undefined && { to: start + to }) };
      const found = await views60.labelValues("__name__", of({ ...span, selectors: ['{__name__=~"x|y"}'] }));
      return found.kind === "data" ? found.data : found;
    };
    expect(await names(undefined, undefined)).toEqual(["x", "y"]);
    expect(await names(29_000, undefined)).toEqual(["x", "y"]);
    expect(await names(29_001, undefined)).toEqual(["x"]);
    expect(await names(undefined, -1)).toEqual([]);
    expect(await names(0, 0)).toEqual(["x", "y"]);
    expect(await names(59_001, 100_000)).toEqual([]);
  });

  test("have names and values, in Prometheus' order", async () => {
    const { views: views60 } = views();
    expect(await views60.labelNames(of({}))).toEqual({
      kind: "data",
      data: ["__name__", "instance", "job", "model"],
    });
    expect(await views60.labelValues("model", of({}))).toEqual({ kind: "data", data: ["<b>", "m", "n"] });
    expect(await views60.labelValues("none", of({}))).toEqual({ kind: "data", data: [] });
    expect(await views60.labelValues("model", of({ limit: 2 }))).toEqual({
      kind: "data",
      data: ["<b>", "m"],
      warnings: ["results truncated due to limit"],
    });
  });

  test.each(["sum(x)", "{}", 'x{a=~".*"', "x[5m]"])("%s is no selector", async (text) => {
    expect(await views().views.series(of({ selectors: ["x", text] }))).toEqual({
      kind: "bad_data",
      why: expect.stringMatching(/^1:\d+: /),
    });
  });

  test("of a target that is gone are gone", async () => {
    const { views: views60, bench } = views();
    bench.give([{ kind: "target-gone", target: Labels.of({ job: "triton", instance: "b:1" }) }]);
    expect(await views60.labelValues("instance", of({ selectors: ["x"] }))).toEqual({ kind: "data", data: ["a:1"] });
  });
});

test("metadata says what is known of metrics, held or not", () => {
  const { views: of } = views();
  expect(of.metadata("nv_inference_request_duration_us", 0)).toEqual({
    nv_inference_request_duration_us: [
      {
        type: "counter",
        help: "Triton's counter by model, version, where given namespace, gpu_uuid.",
        unit: "microseconds",
      },
    ],
  });
  expect(Object.keys(of.metadata(undefined, 0))).toEqual(
    expect.arrayContaining(["nv_gpu_utilization", "ALERTS", "up"]),
  );
  expect(Object.keys(of.metadata(undefined, 3))).toHaveLength(3);
  expect(of.metadata("none", 0)).toEqual({});
});
