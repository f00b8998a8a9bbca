import fc from "fast-check";
import { expect, test } from "vitest";
import { CompensatedMean, CompensatedSum } from "../../src/promql/sum.ts";

function summed(values: readonly number[]): number {
  const sum = new CompensatedSum();
  for (const value of values) sum.add(value);
  return sum.value;
}

test("what is added and taken away again leaves the rest, however small", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: 1e20, max: 1e200, noNaN: true }),
      (small, large) => {
        expect(summed([large, small, -large])).toBe(small + 0);
      },
    ),
  );
});

test("an infinite sum stays infinite, opposite infinities are no number", () => {
  expect(summed([1, Number.POSITIVE_INFINITY, 1])).toBe(Number.POSITIVE_INFINITY);
  expect(summed([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])).toBeNaN();
});

test("a mean lies between the extremes, even where the sum overflows", () => {
  const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(values, (members) => {
      const mean = new CompensatedMean();
      for (const member of members) mean.add(member);
      const slack = 1e-12 * Math.max(...members.map(Math.abs));
      expect(mean.value).toBeGreaterThanOrEqual(Math.min(...members) - slack);
      expect(mean.value).toBeLessThanOrEqual(Math.max(...members) + slack);
    }),
  );
});
