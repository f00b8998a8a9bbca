import fc from "fast-check";
import { expect, test } from "vitest";
import { ask, MemorySource } from "../memory-source.ts";

const value = (text: string, seconds = 0): number =>
  Number((ask(new MemorySource(), text, seconds) as string[])[0]!.slice("{} ".length));

test.each([
  ["year()", 1_700_000_000, 2023],
  ["month()", 1_700_000_000, 11],
  ["day_of_month()", 1_700_000_000, 14],
  ["day_of_year()", 1_700_000_000, 318],
  ["day_of_week()", 1_700_000_000, 2],
  ["days_in_month()", 1_700_000_000, 30],
  ["hour()", 1_700_000_000, 22],
  ["minute()", 1_700_000_000, 13],
  ["minute()", 59.999, 0],
  ["hour(vector(-1))", 0, 23],
  ["year(vector(-0.5))", 0, 1970],
  ["days_in_month(vector(951782400))", 0, 29],
  ["days_in_month(vector(-2206310400))", 0, 28],
  ["day_of_year(vector(1735603200))", 0, 366],
  ["year(vector(NaN))", 0, Number.NaN],
])("%s at %d s is %d", (text, seconds, wanted) => {
  expect(value(text, seconds)).toBe(wanted);
});

test("any time is taken apart as the calendar does", () => {
  fc.assert(
    fc.property(fc.integer({ min: -8_640_000_000_000, max: 8_640_000_000_000 }), (seconds) => {
      const date = new Date(seconds * 1000);
      const at = (name: string) => value(`${name}(vector(${seconds}))`);
      expect([at("year"), at("month"), at("day_of_month"), at("day_of_week"), at("hour"), at("minute")]).toEqual([
        ...[date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()],
        ...[date.getUTCDay(), date.getUTCHours(), date.getUTCMinutes()],
      ]);
      const month = Date.UTC(2000, date.getUTCMonth() + 1, 0);
      const february = new Date(Date.UTC(2000 + (date.getUTCFullYear() % 400), 2, 0)).getUTCDate();
      expect(at("days_in_month")).toBe(date.getUTCMonth() === 1 ? february : new Date(month).getUTCDate());
    }),
  );
});
