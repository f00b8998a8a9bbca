import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { check } from "../../src/documents/check.ts";
import { duration, parsed, parseEnd, parseInstant } from "../../src/documents/fields.ts";
import { readDocument } from "../../src/documents/read-document.ts";
import { formatTime } from "../../src/series/time.ts";

const schema = z.strictObject({
  name: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  every: duration.optional(),
  count: z.int().min(1).optional(),
  of: z.union([z.string(), z.array(z.string())]).optional(),
});

const told = (text: string, what: z.ZodType = schema): unknown => {
  const checked = check(readDocument("a.yml", text), what);
  return checked.kind === "ok" ? checked.value : checked.mistakes.map((m) => `${m.line}:${m.column} ${m.message}`);
};

test("what is right becomes a typed value, and null is nothing said", () => {
  expect(told("every: 1m\ncount: 2\nname:\nof: [a]")).toEqual({ every: 60_000, count: 2, of: ["a"] });
});

test("a plain scalar is a text where a text is wanted, as it was written", () => {
  const labels = { a: "1.10", b: "true", c: "0x10", d: "" };
  expect(told("name: 007\nlabels: {a: 1.10, b: true, c: 0x10, d: }\nof: [1, a]\nevery: 0")).toEqual({
    name: "007",
    labels,
    of: ["1", "a"],
    every: 0,
  });
});

test("a quoted number is no number", () => {
  expect(told('count: "2"')).toEqual(['1:8 count: expected a number, found "2"']);
});

test("mistakes of the document and of the schema come together", () => {
  expect(told("count: 0\ncount: 1\ncuont: 2")).toEqual([
    "1:8 count: expected at least 1, found 0",
    '2:1 Cannot use key "count" twice in one map',
    '3:1 unknown field "cuont", did you mean "count"?',
  ]);
});

test("a parser's mistake points into the text it read", () => {
  const parser = parsed((text): string => {
    throw Object.assign(new Error("no b"), { from: text.indexOf("b"), to: text.indexOf("b") + 1 });
  });
  expect(told("x: |\n  a\n  ab", z.strictObject({ x: parser }))).toEqual(["3:4 x: no b"]);
});

test("a bug in a parser is not a person's mistake", () => {
  const parser = parsed((): string => {
    throw new TypeError("x is not a function");
  });
  expect(() => told("x: a", z.strictObject({ x: parser }))).toThrow(TypeError);
});

test("a value that fits no branch of a union is told what does", () => {
  expect(told("of: {a: b}")).toEqual(["1:1 of: expected text or a list, found a map"]);
  expect(told("of: [{a: b}]")).toEqual(["1:7 of[0]: expected text, found a map"]);
});

test.each([
  ["2027-01-31T18:00:00Z", "2027-01-31T18:00:00.000Z"],
  ["2027-01-31T18:00:00.5+01:30", "2027-01-31T16:30:00.500Z"],
  ["2028-02-29T00:00:00-00:00", "2028-02-29T00:00:00.000Z"],
])("the time %s is read", (text, expected) => {
  expect(formatTime(parseInstant(text))).toBe(expected);
});

test.each(["2027-02-29T00:00:00Z", "2027-01-31", "2027-01-31T24:00:00Z", "2027-01-31T18:00:00", "0", ""])(
  "the time %j is refused",
  (text) => {
    expect(() => parseInstant(text)).toThrow(RangeError);
  },
);

test("a date ends with its day", () => {
  expect(formatTime(parseEnd("2027-12-31"))).toBe("2028-01-01T00:00:00.000Z");
  expect(() => parseEnd("2027-13-01")).toThrow('Cannot parse date "2027-13-01": expected a day that exists');
});

test("every instant that is written is read back", () => {
  const time = fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(time, (at) => {
      expect(parseInstant(at.toISOString())).toBe(at.getTime());
    }),
  );
});
