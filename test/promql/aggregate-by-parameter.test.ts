import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatValue } from "../../src/promql/aggregate-by-parameter.ts";
import { evaluate } from "../../src/promql/evaluate.ts";
import { parseExpr } from "../../src/promql/parse.ts";
import { epochMs } from "../../src/series/time.ts";
import { ask, MemorySource } from "./memory-source.ts";

const source = new MemorySource()
  .load(1, 'm{x="1", y="a"}', "2")
  .load(1, 'm{x="1", y="b"}', "4")
  .load(1, 'm{x="2", y="a"}', "9")
  .load(1, 'm{x="2", y="b"}', "NaN")
  .load(1, 'm{x="2", y="c"}', "4")
  .load(1, "k", "2");

test.each([
  ["topk(2, m)", ['m{x="2", y="a"} 9', 'm{x="1", y="b"} 4']],
  [
    "topk(9, m)",
    ['m{x="2", y="a"} 9', 'm{x="1", y="b"} 4', 'm{x="2", y="c"} 4', 'm{x="1", y="a"} 2', 'm{x="2", y="b"} NaN'],
  ],
  ["bottomk(2, m)", ['m{x="1", y="a"} 2', 'm{x="1", y="b"} 4']],
  ["topk by (x) (1, m)", ['m{x="1", y="b"} 4', 'm{x="2", y="a"} 9']],
  ["bottomk without (y) (1, m)", ['m{x="1", y="a"} 2', 'm{x="2", y="c"} 4']],
  ["topk(scalar(k), m)", ['m{x="2", y="a"} 9', 'm{x="1", y="b"} 4']],
  ["topk(1.9, m)", ['m{x="2", y="a"} 9']],
  ["topk(0, m)", []],
  ["topk(-Inf, m)", []],
  ["topk(3, missing)", []],
  ["quantile(0.5, m == m)", ["{} 4"]],
  ["quantile by (x) (0.5, m)", ['{x="1"} 3', '{x="2"} 4']],
  ["quantile by (x) (0, m)", ['{x="1"} 2', '{x="2"} NaN']],
  ["quantile(2, m)", ["{} Infinity"]],
  ["quantile(-1, m)", ["{} -Infinity"]],
  ["quantile(NaN, m)", ["{} NaN"]],
  ['count_values("v", m)', ['{v="2"} 1', '{v="4"} 2', '{v="9"} 1', '{v="NaN"} 1']],
  [
    'count_values by (x) ("v", m)',
    ['{v="2", x="1"} 1', '{v="4", x="1"} 1', '{v="9", x="2"} 1', '{v="NaN", x="2"} 1', '{v="4", x="2"} 1'],
  ],
  ['count_values without (y) ("x", m)', ['{x="2"} 1', '{x="4"} 2', '{x="9"} 1', '{x="NaN"} 1']],
])("%s is %j", (text, lines) => {
  expect(ask(source, text, 0)).toEqual(lines);
});

test.each([
  ["topk(NaN, m)", "Cannot aggregate with topk: the parameter is NaN"],
  ["bottomk(Inf, missing)", "Cannot aggregate with bottomk: the parameter Infinity is too large"],
])("%s is a mistake", (text, message) => {
  expect(() => ask(source, text, 0)).toThrow(message);
});

test.each(["quantile(2, m)", "quantile_over_time(-1, m[5m])", "histogram_quantile(NaN, m)"])(
  "%s warns of a quantile that does not exist",
  (text) => {
    const { notes } = evaluate(parseExpr(text), source, epochMs(0));
    expect(notes[0]).toMatchObject({
      level: "warning",
      message: expect.stringMatching(/^A quantile is expected to be/),
    });
    expect(text.slice(notes[0]!.from, notes[0]!.to)).toMatch(/^(?:2|-1|NaN)$/);
  },
);

test("topk() and bottomk() of a vector are its sorted ends", () => {
  const values = fc.array(fc.integer(), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 40 }), (members, k) => {
      const memory = new MemorySource();
      for (const [i, value] of members.entries()) memory.load(1, `m{i="${i}"}`, String(value));
      const found = (text: string) => (ask(memory, text, 0) as string[]).map((line) => Number(line.split(" ")[1]));
      const sorted = [...members].sort((a, b) => a - b).map((value) => value + 0);
      expect(found(`bottomk(${k}, m)`)).toEqual(sorted.slice(0, k));
      expect(found(`topk(${k}, m)`)).toEqual(sorted.reverse().slice(0, k));
    }),
  );
});

describe("formatValue()", () => {
  test.each([
    [0, "0"],
    [-0, "-0"],
    [1.5, "1.5"],
    [1e21, "1000000000000000000000"],
    [1.25e-9, "0.00000000125"],
    [-1.5e300, `-15${"0".repeat(299)}`],
    [Number.POSITIVE_INFINITY, "+Inf"],
    [Number.NEGATIVE_INFINITY, "-Inf"],
    [Number.NaN, "NaN"],
  ])("writes %d as %s", (value, text) => {
    expect(formatValue(value)).toBe(text);
  });

  test("writes what reads back as the same number, without an exponent", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(formatValue(value)).toMatch(/^-?\d+(?:\.\d+)?$/);
        expect(Object.is(Number(formatValue(value)), value)).toBe(true);
      }),
    );
  });
});
