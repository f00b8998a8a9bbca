import { describe, expect, test } from "vitest";
import { readNumber, readString } from "../../src/promql/literals.ts";

const AT = { from: 3, to: 9 };

describe("readNumber()", () => {
  test.each([
    ["1", 1],
    [".5", 0.5],
    ["2.", 2],
    ["1e-3", 0.001],
    ["1_000.5", 1000.5],
    ["0x1F", 31],
    ["0755", 493],
    ["08", 8],
    ["Inf", Number.POSITIVE_INFINITY],
    ["inF", Number.POSITIVE_INFINITY],
    ["nAn", Number.NaN],
    ["5m", 300],
    ["1h30m", 5400],
    ["10ms", 0.01],
  ])("reads %s as %d", (text, value) => {
    expect(readNumber(text, AT)).toBe(value);
  });

  test("refuses what is no number, and says where", () => {
    expect(() => readNumber("5x", AT)).toThrow(
      expect.objectContaining({ message: 'Cannot read number "5x": expected for example 1.5, 0x1f, 5m or Inf', ...AT }),
    );
  });
});

describe("readString()", () => {
  test.each([
    [String.raw`"a\tb"`, "a\tb"],
    [String.raw`'it\'s'`, "it's"],
    [String.raw`"\x41\101\u00e9\U0001F600"`, "AAé😀"],
    [String.raw`"\xc3\xa9"`, "é"],
    ["`a\\n`", "a\\n"],
    ['""', ""],
    [String.raw`"^foo\\.bar$"`, "^foo\\.bar$"],
  ])("reads %s", (text, value) => {
    expect(readString(text, AT)).toBe(value);
  });

  test.each([
    String.raw`"\q"`,
    String.raw`"\'"`,
    String.raw`"\xff"`,
    String.raw`"\ud800"`,
    String.raw`"\x4"`,
    String.raw`"\400"`,
  ])("refuses %s", (text) => {
    expect(() => readString(text, AT)).toThrow(/^Cannot read string/);
  });
});
