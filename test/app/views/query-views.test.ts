import { describe, expect, test } from "vitest";
import { QueryViews } from "../../../src/app/views/query-views.ts";
import { Labels } from "../../../src/series/labels.ts";
import { durationMs, epochMs, SECOND } from "../../../src/series/time.ts";
import { Bench, rulesOf } from "../../monitor/bench.ts";

const RULES = `
groups:
  - name: all
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
      - alert: Never
        expr: absent_over_time({__name__=~"x.*|y"}[1h])
`;

/** A world with 60 seconds of x and of y, which ends half way. @param passing ms that go by at each look at the clock */
function views(passing = 0) {
  const bench = new Bench({ rules: rulesOf(RULES) });
  const start = bench.now + 1_000;
  for (let i = 0; i < 60; i++) {
    const y = i < 30 ? "y 1\n" : "";
    bench.tick({ "a:1": `x{model="m"} ${i}\nx{model="n"} NaN\n${y}`, "b:1": `x{model="<b>"} ${i * 2}\n` });
  }
  let now = bench.now;
  return {
    start,
    bench,
    views: new QueryViews({
      world: bench.world,
      now: () => {
        now += passing;
        return epochMs(now);
      },
    }),
  };
}

const metric = (name: string, instance: string, more: Record<string, string> = {}) => ({
  __name__: name,
  instance,
  job: "triton",
  ...more,
});

describe("an expression", () => {
  test("is evaluated now, unless said otherwise", async () => {
    const { views: of, bench, start } = views();
    expect(await of.instant({ expression: 'x{instance="a:1"}', limit: 0 })).toEqual({
      kind: "data",
      data: {
        resultType: "vector",
        result: [
          { metric: metric("x", "a:1", { model: "m" }), value: [bench.now / 1000, "59"] },
          { metric: metric("x", "a:1", { model: "n" }), value: [bench.now / 1000, "NaN"] },
        ],
      },
      warnings: [],
      infos: [],
    });
    const at = epochMs(start + 2_000);
    expect(await of.instant({ expression: "y[2s]", at, limit: 0 })).toMatchObject({
      data: {
        resultType: "matrix",
        result: [{ metric: metric("y", "a:1"), values: [1, 2].map((i) => [start / 1000 + i, "1"]) }],
      },
    });
    expect(await of.instant({ expression: "1+1", at, limit: 0 })).toMatchObject({
      data: { resultType: "scalar", result: [at / 1000, "2"] },
    });
    expect(await of.instant({ expression: '"a<b"', at, limit: 0 })).toMatchObject({
      data: { resultType: "string", result: [at / 1000, "a<b"] },
    });
  });

  test("is evaluated step by step, whatever the number of pieces that takes", async () => {
    const { start } = views();
    const query = {
      from: epochMs(start),
      to: epochMs(start + 59_000),
      step: SECOND,
      limit: 0,
      timeout: durationMs(1e6),
    };
    for (const expression of ["x", "sum_over_time(x[10s])", "sum(x) by (model)", "x @ end()", "topk(1, x)"]) {
      const slow = await views(26).views.range({ expression, ...query });
      const fast = await views().views.range({ expression, ...query });
      expect(slow.kind).toBe("data");
      expect([expression, slow]).toEqual([expression, fast]);
    }
    expect(await views().views.range({ expression: "x", ...query, step: durationMs(30_000) })).toMatchObject({
      data: {
        resultType: "matrix",
        result: [
          {
            metric: metric("x", "a:1", { model: "m" }),
            values: [
              [start / 1000, "0"],
              [start / 1000 + 30, "30"],
            ],
          },
          {
            metric: metric("x", "a:1", { model: "n" }),
            values: [
              [start / 1000, "NaN"],
              [start / 1000 + 30, "NaN"],
            ],
          },
          {
            metric: metric("x", "b:1", { model: "<b>" }),
            values: [
              [start / 1000, "0"],
              [start / 1000 + 30, "60"],
            ],
          },
        ],
      },
    });
  });

  test("may set how far back it looks", async () => {
    const { views: of, bench } = views();
    const at = epochMs(bench.now + 4_000);
    const count = (lookback: number) =>
      of.instant({ expression: "count(x)", at, limit: 0, lookback: durationMs(lookback) });
    expect(await count(3_000)).toMatchObject({ data: { result: [] } });
    expect(await count(5_000)).toMatchObject({ data: { result: [{ value: [at / 1000, "3"] }] } });
  });

  test("reads what rules record", async () => {
    expect(await views().views.instant({ expression: "up", limit: 0 })).toMatchObject({
      data: { result: [{ value: [expect.any(Number), "1"] }, {}] },
    });
    expect(await views().views.instant({ expression: "job:up:sum", limit: 0 })).toMatchObject({
      data: { result: [{ metric: { __name__: "job:up:sum", job: "triton" }, value: [expect.any(Number), "2"] }] },
    });
  });

  test("that is cut to a limit says so", async () => {
    const { views: of, start, bench } = views();
    const warnings = ["results truncated due to limit"];
    const cut = await of.instant({ expression: "x", limit: 2 });
    expect(cut).toMatchObject({ data: { result: [{}, {}] }, warnings });
    const [from, to] = [epochMs(start), bench.time];
    expect(await of.range({ expression: "x", from, to, step: SECOND, limit: 1 })).toMatchObject({
      data: { result: [{}] },
      warnings,
    });
    expect(await of.instant({ expression: "x", limit: 3 })).toMatchObject({ warnings: [] });
  });

  test("comes with what to read it with", async () => {
    const { views: of } = views();
    expect(await of.instant({ expression: "sum(\n  rate(x[1m]))", limit: 0 })).toMatchObject({
      infos: [expect.stringMatching(/^PromQL info: .* \(2:\d+\)$/)],
    });
    expect(await of.instant({ expression: "quantile(2, x)", limit: 0 })).toMatchObject({
      warnings: [expect.stringMatching(/^PromQL warning: .* \(1:\d+\)$/)],
    });
  });
});

describe("what cannot be answered", () => {
  const span = { from: epochMs(0), to: epochMs(10_000), step: SECOND, limit: 0 };

  test.each([
    ["sum(\n  x", /^2:4: /],
    ["", /^1:1: Cannot parse expression: it is empty/],
    ["limitk(1, x)", /^1:1: limitk\(\) is not supported: it is experimental/],
    ['x{a=~"("}', /^1:6: Cannot compile regular expression/],
  ])("because it is no expression is bad data: %j", async (expression, why) => {
    for (const asked of [
      views().views.instant({ expression, limit: 0 }),
      views().views.range({ expression, ...span }),
    ]) {
      expect(await asked).toEqual({ kind: "bad_data", why: expect.stringMatching(why) });
    }
  });

  test.each([
    ["x[1m]", {}, "Cannot evaluate a range vector over a range"],
    ['"x"', {}, "Cannot evaluate a string over a range"],
    ["x", { to: epochMs(-1) }, "Cannot use parameter end"],
    ["x", { to: epochMs(11_000_000) }, "Cannot use parameter step: expected at most 11000 steps"],
  ])("as a range is bad data: %s %j", async (expression, more, why) => {
    expect(await views().views.range({ expression, ...span, ...more })).toEqual({
      kind: "bad_data",
      why: expect.stringContaining(why),
    });
  });

  test("because of the data fails in its execution", async () => {
    const { views: of } = views();
    expect(await of.instant({ expression: "x + on(job) x", limit: 0 })).toEqual({
      kind: "execution",
      why: expect.stringMatching(/^1:\d+: /),
    });
    const expression = "sum_over_time(vector(1)[30d:1ms])";
    expect(await of.instant({ expression, limit: 0 })).toEqual({
      kind: "execution",
      why: "Cannot evaluate: expected at most 5000000 samples, the query needs more",
    });
  });

  test("because the answer gets too large fails as well", async () => {
    const long = "x".repeat(1024 * 1024);
    const parts = [1, 2, 3, 4].map((i) => `label_replace(x, "i", "${i}${long}", "", "")`);
    expect(await views().views.instant({ expression: parts.join(" or "), limit: 0 })).toEqual({
      kind: "execution",
      why: expect.stringContaining("Cannot answer: the result has more than"),
    });
  });

  test.each([
    ["an expression", 'x{model=~"m"}'],
    ["a regular expression", '{model=~".*"}'],
    ["arithmetic", "sum_over_time(vector(1)[1h:1ms])"],
  ])("in time is given up: %s", async (_what, expression) => {
    const { views: of } = views(1_500);
    expect(await of.instant({ expression, limit: 0 })).toEqual({
      kind: "timeout",
      why: "Cannot evaluate: the query took longer than it may",
    });
  });

  test("in one piece of two seconds is given up, however long it might take", async () => {
    const { views: of } = views(700);
    const expression = "sum_over_time(vector(1)[1h:1ms])";
    expect(await of.instant({ expression, limit: 0, timeout: durationMs(10_000) })).toMatchObject({ kind: "timeout" });
  });

  test("because too many wait is not even tried", async () => {
    const { views: of } = views();
    const answers = await Promise.all(Array.from({ length: 70 }, () => of.instant({ expression: "1", limit: 0 })));
    const kinds = answers.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "data")).toHaveLength(66);
    expect(kinds.slice(66)).toEqual(Array(4).fill("unavailable"));
    expect(await of.instant({ expression: "1", limit: 0 })).toMatchObject({ kind: "data" });
  });
});

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
