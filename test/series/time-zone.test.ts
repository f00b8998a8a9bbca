import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calendarOf, isWeekend, UTC } from "../../src/series/time-zone.ts";

const HOUR = 3_600_000;
const hours = (zone: string, iso: string): number => calendarOf(zone).offset(Date.parse(iso)) / HOUR;

describe("local time", () => {
  test.each([
    ["UTC", "2026-07-01T12:00:00Z", 0],
    ["Europe/Berlin", "2026-01-15T12:00:00Z", 1],
    ["Europe/Berlin", "2026-07-15T12:00:00Z", 2],
    ["America/New_York", "2026-01-15T00:30:00Z", -5],
    ["Asia/Kolkata", "2026-01-15T00:00:00Z", 5.5],
    ["Asia/Kathmandu", "2026-01-15T00:00:00Z", 5.75],
    ["Pacific/Kiritimati", "2026-12-31T23:59:59Z", 14],
    ["Pacific/Marquesas", "2026-01-01T00:00:00Z", -9.5],
    ["Asia/Tokyo", "1969-12-31T23:00:00Z", 9],
  ])("of %s is ahead at %s by %d hours", (zone, at, ahead) => {
    expect(hours(zone, at)).toBe(ahead);
  });

  test("changes in the very second in which clocks are changed", () => {
    expect(hours("Europe/Berlin", "2026-03-29T00:59:59.999Z")).toBe(1);
    expect(hours("Europe/Berlin", "2026-03-29T01:00:00.000Z")).toBe(2);
    expect(hours("Europe/Berlin", "2026-10-25T00:59:59.999Z")).toBe(2);
    expect(hours("Europe/Berlin", "2026-10-25T01:00:00.000Z")).toBe(1);
    // Half an hour, at half past three.
    expect(hours("Australia/Lord_Howe", "2026-04-04T14:59:59Z")).toBe(11);
    expect(hours("Australia/Lord_Howe", "2026-04-04T15:00:00Z")).toBe(10.5);
  });

  test("is the same whatever was asked before", () => {
    const one = calendarOf("Europe/Berlin");
    const around = Date.parse("2026-03-29T01:00:00Z");
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -400, max: 400 }), { minLength: 1, maxLength: 50 }), (quarters) => {
        for (const quarter of quarters) {
          const at = around + quarter * 900_000;
          expect(one.offset(at)).toBe(at < around ? HOUR : 2 * HOUR);
        }
      }),
    );
  });

  test("of a place that is none is refused", () => {
    expect(() => calendarOf("Mars/Olympus")).toThrow(RangeError);
  });
});

describe("a weekend", () => {
  const dayShown = (weekend: Parameters<typeof calendarOf>[1], iso: string): number => {
    const at = Date.parse(iso);
    return new Date(at + calendarOf("UTC", weekend).offset(at)).getUTCDay();
  };

  test("of other days shows as Saturday and Sunday, and keeps its hours", () => {
    const friday = "2026-01-09T13:00:00Z";
    expect(dayShown(["sat", "sun"], friday)).toBe(5);
    expect(dayShown(["fri", "sat"], friday)).toBe(6);
    expect(dayShown(["fri", "sat"], "2026-01-10T13:00:00Z")).toBe(0);
    expect(dayShown(["fri", "sat"], "2026-01-11T13:00:00Z")).toBe(1);
    expect(dayShown(["thu", "fri"], "2026-01-08T13:00:00Z")).toBe(6);
    expect(dayShown(["sun", "mon"], "2026-01-11T13:00:00Z")).toBe(6);
    expect((calendarOf("UTC", ["fri", "sat"]).offset(0) / HOUR) % 24).toBe(0);
  });

  test("is two days that follow one another", () => {
    expect([isWeekend(["fri", "sat"]), isWeekend(["sat", "sun"]), isWeekend(["sun", "mon"])]).toEqual([
      true,
      true,
      true,
    ]);
    expect([isWeekend([]), isWeekend(["sat", "sun", "mon"])]).toEqual([false, false]);
    expect([isWeekend(["fri", "sun"]), isWeekend(["sun", "sat"]), isWeekend(["fri", "fri"])]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test("and a zone tell calendars apart", () => {
    const names = [UTC, calendarOf("UTC", ["fri", "sat"]), calendarOf("Asia/Dubai")].map(({ name }) => name);
    expect(new Set(names).size).toBe(3);
    expect(calendarOf("UTC").name).toBe(UTC.name);
  });
});
