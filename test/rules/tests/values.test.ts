import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Cell, expand, parseValues } from "../../../src/rules/tests/values.ts";

const read = (text: string): readonly Cell[] => expand(parseValues(text));

test.each([
  ["", []],
  ["  1  2\n3 ", [1, 2, 3]],
  ["-2+4x3", [-2, 2, 6, 10]],
  ["1-2x4", [1, -1, -3, -5, -7]],
  ["1x4", [1, 1, 1, 1, 1]],
  ["1x0", [1]],
  ["1 _x3 stale", [1, undefined, undefined, undefined, "stale"]],
  ["_ _x0 _x2", [undefined, undefined, undefined]],
  ["0x3", [0, 0, 0, 0]],
  [".5 1. 1.5e2x1 1e-1", [0.5, 1, 150, 150, 0.1]],
  ["+3 -1-1x1", [3, -1, -2]],
  ["Inf -inf +INF nan", [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN]],
] as const)("%j stands for %j", (text, cells) => {
  expect(read(text)).toEqual(cells);
});

test("counting on rounds at every step, as Prometheus does", () => {
  expect(read("0+0.1x3").at(-1)).toBe(0.1 + 0.1 + 0.1);
});

describe("what Prometheus does not take", () => {
  test.each([
    "stalex3",
    "NaNx2",
    "Infx2",
    "1+Infx2",
    "1+1",
    "1x",
    "_x",
    "1,2",
    "1_000",
    "1h",
    "0x1F",
    "0X3",
    "x3",
    "1+-1x2",
    "1xx2",
    "1x2.5",
    "1x-2",
    "STALE",
    "-stale",
    "_+1x2",
    "stale+1x2",
    "1+1x3+2",
    "--1",
    "- 1",
  ])("%j is refused at its place", (item) => {
    try {
      parseValues(`1 ${item} 2`);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      expect(error).toMatchObject({
        from: 2,
        message: expect.stringMatching(/^Cannot read value ".*": expected for example/),
      });
    }
  });

  test("a native histogram is refused by name", () => {
    expect(() => parseValues("1 {{schema:0 sum:3 count:4}}x2")).toThrow(
      expect.objectContaining({
        from: 2,
        message: 'Cannot read value "{{…}}": native histograms are not supported, expected numbers',
      }),
    );
  });

  test("more values than a series may have are refused before they are made", () => {
    for (const text of ["1x1000000", "_x99999999999999999999", "1x999999 1"]) {
      expect(() => parseValues(text)).toThrow("expected at most 1000000 values");
    }
  });
});

test("a series is as long as it says, whatever stands in it", () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
  const count = fc.nat(50);
  const item = fc.oneof(
    fc.constantFrom("_", "stale"),
    number,
    fc.tuple(number, count).map(([a, n]) => `${a}x${n}`),
    fc.tuple(number, fc.double({ min: 0, max: 1e6, noNaN: true }), count).map(([a, b, n]) => `${a}+${b}x${n}`),
    count.map((n) => `_x${n}`),
  );
  fc.assert(
    fc.property(fc.array(item), (items) => {
      const parsed = parseValues(items.join(" "));
      expect(expand(parsed)).toHaveLength(parsed.length);
      expect(parsed.length).toBe(items.reduce((sum, one) => sum + parseValues(one).length, 0));
    }),
  );
});
