import fc from "fast-check";
import { expect, test } from "vitest";
import { ask, MemorySource } from "../memory-source.ts";

const MINUTE = 60_000;
const value = (values: string, text: string, seconds: number): number =>
  Number((ask(new MemorySource().load(MINUTE, "m", values), text, seconds) as string[])[0]?.split(" ")[1]);

test.each([
  ["deriv(m[10m])", "0+60x10", 600, 1],
  ["deriv(m[10m])", "7x10", 600, 0],
  ["predict_linear(m[10m], 60)", "0+60x10", 600, 660],
  ["predict_linear(m[10m], -600)", "0+60x10", 600, 0],
  ["predict_linear(m[5m] offset 5m, 0)", "0+60x10", 600, 600],
  ["predict_linear(m[10m], 3600)", "7x10", 600, 7],
])("%s of %s at %d s is %d", (text, values, seconds, wanted) => {
  expect(value(values, text, seconds)).toBeCloseTo(wanted, 9);
});

test.each(["Inf Inf", "1 NaN 3", "1 Inf"])("no line fits %s", (values) => {
  expect(value(values, "deriv(m[10m])", 300)).toBeNaN();
  expect(value(values, "predict_linear(m[10m], 1)", 300)).toBeNaN();
});

test.each(["deriv(m[5m])", "predict_linear(m[5m], 1)"])("%s of a single sample is nothing", (text) => {
  expect(ask(new MemorySource().load(MINUTE, "m", "1"), text, 10)).toEqual([]);
});

test("of any straight line, deriv() is the slope and predict_linear() a point of it", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 }), (start, gain) => {
      const values = Array.from({ length: 10 }, (_, i) => start + gain * i).join(" ");
      expect(value(values, "deriv(m[20m])", 600)).toBeCloseTo(gain / 60, 9);
      expect(value(values, "predict_linear(m[20m], 300)", 600)).toBeCloseTo(start + gain * 15, 6);
    }),
  );
});
