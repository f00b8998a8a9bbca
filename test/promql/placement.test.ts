import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/promql/evaluate.ts";
import { parseQuery } from "../../src/promql/parse.ts";
import { durationMs, epochMs } from "../../src/series/time.ts";
import { ask, MemorySource } from "./memory-source.ts";

const MINUTE = 60_000;
const source = new MemorySource().load(MINUTE, "m", "0+1x60").load(MINUTE, 'g{x="1"}', "1 2 3 stale");

describe("@", () => {
  test.each([
    ["m @ 60", 600, ["m 1"]],
    ["m @ 60 offset 1m", 600, ["m 0"]],
    ["m offset -1m @ 60", 600, ["m 2"]],
    ["m @ end() - m @ start()", 600, ["{} 0"]],
    ["m - m @ 0", 600, ["{} 10"]],
    ["sum_over_time(m[2m] @ 300)", 600, ["{} 9"]],
    ["timestamp(m @ 125)", 600, ["{} 120"]],
    ["absent(m @ -1000)", 600, ["{} 1"]],
    ["m[2m] @ 120", 600, ["m 1 2"]],
  ])("%s at %d s", (text, seconds, lines) => {
    expect(ask(source, text, seconds)).toEqual(lines);
  });
});

describe("a subquery", () => {
  test.each([
    ["m[3m:1m]", 600, ["m 8 9 10"]],
    ["m[3m:1m]", 601, ["m 8 9 10"]],
    ["m[3m:2m]", 600, ["m 8 10"]],
    ["m[3m:]", 600, ["m 8 9 10"]],
    ["m[2m:1m] offset 5m", 600, ["m 4 5"]],
    ["m[2m:1m] @ 120", 600, ["m 1 2"]],
    ["m[90s:1m] offset -1m", 60, ["m 1 2"]],
    ["g[10m:1m]", 600, ['g{x="1"} 2 3']],
    ["sum_over_time((m * 2)[3m:1m])", 600, ["{} 54"]],
    ["max_over_time(sum_over_time(m[2m])[5m:1m])", 600, ["{} 19"]],
    ["max_over_time(min_over_time(m[3m:1m])[4m:2m])", 600, ["{} 8"]],
    ["rate(m[5m:1m])", 600, [`{} ${1 / 60}`]],
    ["sum_over_time((m @ 60)[3m:1m])", 600, ["{} 3"]],
    ["sum_over_time(vector(time())[2m:1m] @ 120)", 600, ["{} 180"]],
    ["absent_over_time(missing{a='1'}[5m:1m])", 600, ["{} 1"]],
  ])("%s at %d s has its steps at multiples of its own, left-open", (text, seconds, lines) => {
    expect(ask(source, text, seconds)).toEqual(lines);
  });

  test("takes the default step it is given", () => {
    const value = evaluate(parseQuery("m[3m:]"), source, epochMs(600_000), { subqueryStep: durationMs(30_000) });
    expect(value.kind === "matrix" && [...value.series[0]!.times]).toEqual(
      [450, 480, 510, 540, 570, 600].map((s) => s * 1000),
    );
  });
});

test("a range selector alone gives the samples as they are, stale ones left out", () => {
  const value = evaluate(parseQuery("g[10m]"), source, epochMs(600_000));
  expect(value).toMatchObject({
    kind: "matrix",
    series: [{ times: Float64Array.of(MINUTE, 2 * MINUTE), values: Float64Array.of(2, 3) }],
  });
});
