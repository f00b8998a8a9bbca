import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatFloat } from "../../src/rules/template.ts";

describe("formatFloat()", () => {
  test("reads back as the same number", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatFloat(value))).toBe(value);
      }),
    );
  });

  test("turns to an exponent from 1e6 on and below 1e-4", () => {
    expect([999_999, 1e6, 1.5e6, 0.0001, 0.00001].map(formatFloat)).toEqual([
      "999999",
      "1e+06",
      "1.5e+06",
      "0.0001",
      "1e-05",
    ]);
  });
});
