import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NumberReader } from "../../src/exposition/number.ts";
import { spell } from "./reading.ts";

/** The number at the start of a text that ends with a line feed, and how much of the text it took. */
function read(text: string): [value: string, length: number] {
  const numbers = new NumberReader();
  const value = numbers.read(new TextEncoder().encode(`${text}\n`), 0);
  return [spell(value), numbers.end];
}

const decimal = fc
  .tuple(
    fc.constantFrom("", "-", "+"),
    fc.stringMatching(/^[0-9]{0,25}$/),
    fc.option(fc.stringMatching(/^[0-9]{0,25}$/)),
    fc.option(fc.tuple(fc.constantFrom("e", "E"), fc.constantFrom("", "-", "+"), fc.integer({ min: 0, max: 330 }))),
  )
  .filter(([, whole, fraction]) => whole !== "" || (fraction ?? "") !== "")
  .map(([sign, whole, fraction, exponent]) =>
    [sign, whole, fraction === null ? "" : `.${fraction}`, (exponent ?? []).join("")].join(""),
  );

describe("a number", () => {
  test("is exactly what the language's correctly rounded conversion makes of the digits", () => {
    fc.assert(
      fc.property(decimal, (text) => {
        const value = Number(text);
        if (Number.isFinite(value)) expect(read(text)).toEqual([spell(value), text.length]);
        else expect(read(text)).toEqual([expect.anything(), -1]);
      }),
      { numRuns: 3000 },
    );
  });

  test("of any double reads back the same in its shortest and in its 17-digit spelling", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e308, max: 1e308 }), (value) => {
        for (const text of [spell(value), value.toExponential(16), value.toPrecision(17), value.toPrecision(16)]) {
          expect(read(text)).toEqual([spell(Number(text)), text.length]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["NaN", "NaN"],
    ["Nan", "NaN"],
    ["nan", "NaN"],
    ["Inf", "Infinity"],
    ["+Inf", "Infinity"],
    ["-inf", "-Infinity"],
    ["Infinity", "Infinity"],
    ["-INFINITY", "-Infinity"],
    [".5", "0.5"],
    ["5.", "5"],
    ["+5", "5"],
    ["-0", "-0"],
    ["-0.0e9", "-0"],
    ["1e-400", "0"],
    ["9007199254740993", "9007199254740992"],
    ["18446744073709551615", "18446744073709552000"],
    ["0.000000000000000000000000000001", "1e-30"],
  ])("is read from %s", (text, value) => expect(read(text)).toEqual([value, text.length]));

  test("of very many digits is read exactly", () => {
    for (const [text, value] of [
      [`1${"0".repeat(300)}`, "1e+300"],
      [`0.${"0".repeat(200_000)}1e200001`, "1"],
      [`0.${"0".repeat(200_000)}1e99999999999999999999`, undefined],
      [`1${"0".repeat(200_000)}e-200000`, "1"],
    ] as const) {
      expect(read(text)).toEqual(value === undefined ? [expect.anything(), -1] : [value, text.length]);
    }
  });

  test.each(["", "+", "-", ".", "-.", "e5", "1e", "1e+", "1.e", "x", "+nan", "in", "i", "1e400", "-1e309"])(
    "is not read from %j",
    (text) => expect(read(text)[1]).toBe(-1),
  );

  test.each([
    ["0x10", 1],
    ["1_000", 1],
    ["1,5", 1],
    ["12abc", 2],
    ["infinit", 3],
    ["1.2.3", 3],
    ["--1", -1],
  ])("stops in %s where the grammar does", (text, length) => expect(read(text)[1]).toBe(length));
});
