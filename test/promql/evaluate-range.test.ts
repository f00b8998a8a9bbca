import { describe, expect, test } from "vitest";
import { typeOf } from "../../src/promql/ast.ts";
import { type EvalOptions, evaluate, evaluateRange } from "../../src/promql/evaluate.ts";
import { PromqlError, parseExpr, parseQuery } from "../../src/promql/parse.ts";
import { durationMs, epochMs } from "../../src/series/time.ts";
import { Generator, seeded } from "./generator.ts";
import { MemorySource } from "./memory-source.ts";
import { START, synthetic } from "./synthetic.ts";

const MINUTE = 60_000;
const source = new MemorySource()
  .load(MINUTE, 'm{x="2"}', "0 1 2 _ _ stale 6 7 8 9 10")
  .load(MINUTE, 'm{x="10"}', "10+10x10")
  .load(MINUTE, "n", "5x10");

/** Series as `labels time:value …`, times in minutes. */
function range(text: string, from: number, to: number, step = 1, options: EvalOptions = {}): readonly string[] {
  const [start, end] = [epochMs(from * MINUTE), epochMs(to * MINUTE)];
  const { series } = evaluateRange(parseQuery(text), source, start, end, durationMs(step * MINUTE), options);
  return series.map(({ labels, times, values }) => {
    return `${labels} ${Array.from(times, (time, i) => `${time / MINUTE}:${values[i]}`).join(" ")}`;
  });
}

describe("a range evaluation", () => {
  test.each<[string, number, number, number, readonly string[]]>([
    ["n", 0, 2, 1, ["n 0:5 1:5 2:5"]],
    ["n", 0, 5, 2, ["n 0:5 2:5 4:5"]],
    ["n", 3, 2, 1, []],
    ["m", 1, 2, 1, ['m{x="10"} 1:20 2:30', 'm{x="2"} 1:1 2:2']],
    ['m{x="2"}', 4, 6, 1, ['m{x="2"} 4:2 6:6']],
    ["time()", 1, 2, 1, ["{} 1:60 2:120"]],
    ["2", 0, 1, 1, ["{} 0:2 1:2"]],
    ['m{x="10"} @ start() + m{x="10"} @ end()', 1, 3, 1, ['{x="10"} 1:60 2:60 3:60']],
    ['sum_over_time(m{x="10"}[2m])', 1, 3, 1, ['{x="10"} 1:30 2:50 3:70']],
    ['max_over_time(m{x="10"}[2m:1m])', 2, 4, 2, ['{x="10"} 2:30 4:50']],
    ["topk(1, m)", 0, 1, 1, ['m{x="10"} 0:10 1:20']],
    ['m{x="2"} > 5', 5, 7, 1, ['m{x="2"} 6:6 7:7']],
  ])(
    "%s from %d to %d by %d min is in the order of labels, without steps that have no value",
    (text, from, to, step, rows) => {
      expect(range(text, from, to, step)).toEqual(rows);
    },
  );

  test.each([
    ["m[5m]", "Cannot evaluate a range vector step by step: expected a scalar or an instant vector"],
    ['"text"', "Cannot evaluate a string step by step: expected a scalar or an instant vector"],
  ])("%s is refused", (text, message) => {
    expect(() => range(text, 0, 1)).toThrow(message);
  });

  test("has 11,000 steps at most, and a step that leads on", () => {
    expect(range("1", 0, 10_999)).toHaveLength(1);
    expect(() => range("1", 0, 11_000)).toThrow("Cannot evaluate: expected at most 11000 steps, or a longer step");
    expect(() => range("1", 0, 1, 0)).toThrow("Cannot evaluate with a step of 0 ms: expected more than zero");
  });

  test("says the same mistake as an instant one", () => {
    expect(() => range("label_replace(m, 'x', '', 'x', '.*')", 1, 2)).toThrow(/^Cannot build the result/);
  });
});

describe("a query is given up", () => {
  test("when it needs more samples than it may have", () => {
    const limits = { maxSamples: 100 };
    expect(() => range("sum_over_time(m[10m:1s])", 10, 10, 1, limits)).toThrow(
      expect.objectContaining({ limit: "samples", message: expect.stringContaining("at most 100 samples"), from: 0 }),
    );
    expect(range("sum(m)", 10, 10, 1, limits)).toHaveLength(1);
  });

  test("when its time is over, however little it finds", () => {
    let asked = 0;
    const expired = () => ++asked > 2;
    expect(() => range("missing[10000d:1s] or 1", 0, 0, 1, { expired })).toThrow(PromqlError);
    expect(() => range("max_over_time(missing[10000d:1s])", 10, 10, 1, { expired })).toThrow(
      expect.objectContaining({ limit: "time" }),
    );
  });
});

test("any query gives at each step what it gives at that instant, each sample read once", () => {
  const series = synthetic();
  const generator = new Generator(seeded(11), START / 1000 + 25 * 60);
  const step = durationMs(40_000);
  const from = epochMs(START + 30 * MINUTE + 217);
  for (let i = 0; i < 150; i++) {
    // Other times than the query's own would be those of its start and end.
    const text = generator.vector(i % 4).replaceAll(/ @ (?:start|end)\(\)/g, "");
    const expr = parseExpr(text);
    const wanted = new Map<string, string[]>();
    try {
      for (let k = 0; k < 5; k++) {
        const at = epochMs(from + k * step);
        const value = evaluate(expr, series, at);
        if (value.kind !== "vector") throw new Error(typeOf(expr));
        for (const sample of value.samples) {
          const row = wanted.get(sample.labels.key) ?? [];
          wanted.set(sample.labels.key, [...row, `${at}:${sample.value}`]);
        }
      }
    } catch (error) {
      if (!(error instanceof PromqlError)) throw error;
      expect(() => evaluateRange(expr, series, from, epochMs(from + 4 * step), step), text).toThrow(error.message);
      continue;
    }
    const { series: found } = evaluateRange(expr, series, from, epochMs(from + 4 * step), step);
    const rows = found.map(({ labels, times, values }) => [
      labels.key,
      Array.from(times, (time, n) => `${time}:${values[n]}`),
    ]);
    expect(Object.fromEntries(rows), text).toEqual(Object.fromEntries(wanted));
  }
});
