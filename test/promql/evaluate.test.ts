import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/promql/evaluate.ts";
import { parseExpr } from "../../src/promql/parse.ts";
import type { SeriesSource } from "../../src/series/source.ts";
import { durationMs, epochMs } from "../../src/series/time.ts";
import { ask, MemorySource } from "./memory-source.ts";

const MINUTE = 60_000;
const source = new MemorySource()
  .load(MINUTE, 'up{x="1"}', "1 0 1 0 stale")
  .load(MINUTE, 'up{x="2"}', "1 1 1 1 1")
  .load(MINUTE, "lonely", "5x20 _ _ _")
  .load(MINUTE, 'other{x="2"}', "7x4");

describe("an instant selector", () => {
  test.each([
    [59.999, ['up{x="1"} 1', 'up{x="2"} 1']],
    [60, ['up{x="1"} 0', 'up{x="2"} 1']],
    [240, ['up{x="2"} 1']],
    [539.999, ['up{x="2"} 1']],
    [540, []],
  ])("at %d s takes the newest sample of five minutes, left-open, and none of a stale series", (seconds, lines) => {
    expect(ask(source, "up", seconds)).toEqual(lines);
  });

  test("takes the lookback it is given", () => {
    const value = evaluate(parseExpr("up"), source, epochMs(250_000), { lookback: durationMs(10_000) });
    expect(value).toEqual({ kind: "vector", samples: [], notes: [] });
  });

  test("looks back or ahead by its offset", () => {
    expect(ask(source, 'up{x="1"} offset 2m', 300)).toEqual(['up{x="1"} 0']);
    expect(ask(source, 'up{x="1"} offset -2m', 0)).toEqual(['up{x="1"} 1']);
  });

  test("is asked of the source with the same array each time", () => {
    const asked = new Set<unknown>();
    const spy: SeriesSource = {
      select(matchers) {
        asked.add(matchers);
        return source.select(matchers);
      },
    };
    const expr = parseExpr("sum(up)");
    for (let i = 0; i < 3; i++) evaluate(expr, spy, epochMs(i));
    expect(asked.size).toBe(1);
  });
});

describe("a range selector", () => {
  test.each([
    ["count_over_time(up[2m])", 180, ['{x="1"} 2', '{x="2"} 2']],
    ["count_over_time(up[121s])", 180, ['{x="1"} 3', '{x="2"} 3']],
    ["count_over_time(up[2m] offset 1m)", 180, ['{x="1"} 2', '{x="2"} 2']],
    ["count_over_time(up[1m])", 240, ['{x="2"} 1']],
    ["last_over_time(lonely[1m])", 60, ["lonely 5"]],
  ])("%s at %d s is left-open and without stale samples", (text, seconds, lines) => {
    expect(ask(source, text, seconds)).toEqual(lines);
  });
});

test.each([
  ["lonely * 2", ["{} 10"]],
  ["lonely > 4", ["lonely 5"]],
  ["4 < lonely", ["lonely 5"]],
  ["lonely > bool 4", ["{} 1"]],
  ["lonely < 4", []],
  ["-lonely", ["{} -5"]],
  ["+lonely", ["lonely 5"]],
  ["abs(lonely)", ["{} 5"]],
  ["lonely offset 1m", ["lonely 5"]],
  ["sum by (__name__) (lonely)", ["lonely 5"]],
  ["sum without (x) (up)", ["{} 1"]],
  ["rate(lonely[5m])", ["{} 0"]],
  ["lonely >= ignoring (x) other", []],
  ["other >= ignoring (x) lonely", ["other 7"]],
  ["other >= on (x) up", ['{x="2"} 7']],
  ["lonely and other", []],
  ["lonely or other", ["lonely 5", 'other{x="2"} 7']],
])("%s has the right name and labels", (text, lines) => {
  expect(ask(source, text, 180)).toEqual(lines);
});

test.each([
  ["1 + 2 * 3", 7],
  ["-7 % 4", -3],
  ["2 ^ 0.5 ^ 0", 2],
  ["1 ^ NaN", 1],
  ["(-1) ^ Inf", 1],
  ["NaN == bool NaN", 0],
  ["NaN != bool NaN", 1],
  ["1 / 0 - Inf", Number.NaN],
  ["time()", 180],
  ["pi()", Math.PI],
  ["scalar(lonely)", 5],
  ["scalar(up)", Number.NaN],
  ["scalar(missing)", Number.NaN],
  ['"it"', "it"],
])("%s is %s", (text, value) => {
  expect(ask(source, text, 180)).toBe(value);
});

test.each([
  ['absent(missing{a="1", b=~"x", c="2", c="3"})', ['{a="1"} 1']],
  ['absent((missing{a="1"}))', ['{a="1"} 1']],
  ["absent(sum(missing))", ["{} 1"]],
  ["absent(lonely)", []],
  ['absent_over_time(missing{a="1"}[5m])', ['{a="1"} 1']],
  ["absent_over_time(up[1m])", []],
  ["vector(time())", ["{} 200"]],
  ["timestamp(lonely)", ["{} 180"]],
  ["timestamp(lonely offset 1m)", ["{} 120"]],
  ["timestamp(lonely * 1)", ["{} 200"]],
  ["clamp(lonely, 3, 1)", []],
])("%s gives %j", (text, lines) => {
  expect(ask(source, text, 200)).toEqual(lines);
});

test("the type and unit of a metric go with its name", () => {
  const typed = new MemorySource()
    .load(MINUTE, 'a{__type__="counter", __unit__="s", x="1"}', "1 2")
    .load(MINUTE, 'b{__type__="gauge", x="1"}', "3");
  expect(ask(typed, "a + ignoring (__type__, __unit__) b", 0)).toEqual(['{x="1"} 4']);
  expect(ask(typed, "a > bool on (x, __type__) a", 0)).toEqual(['{x="1"} 0']);
  expect(ask(typed, "idelta(a[5m])", 60)).toEqual(['{x="1"} 1']);
  expect(ask(typed, "last_over_time(b[5m])", 0)).toEqual(['b{__type__="gauge", x="1"} 3']);
  expect(ask(typed, "sum without (x) (b)", 0)).toEqual(['{__type__="gauge"} 3']);
  typed.load(MINUTE, 'b{__type__="counter", x="1"}', "3");
  expect(() => ask(typed, "-b", 0)).toThrow(/^Cannot build the result: two elements have the same labels/);
});

test("results that differ in their metric name only are a mistake that says where", () => {
  const text = "1 + -{__name__=~'other|up', x='2'}";
  expect(() => ask(source, text, 180)).toThrow(
    expect.objectContaining({
      message: 'Cannot build the result: two elements have the same labels {x="2"}, expected each set once',
      from: 4,
      to: text.length,
    }),
  );
});
