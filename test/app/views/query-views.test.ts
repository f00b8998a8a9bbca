import { describe, expect, test } from "vitest";
import { durationMs, epochMs, SECOND } from "../../../src/series/time.ts";
import { metric, views } from "./queried.ts";

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
