import fc from "fast-check";
import { expect, test } from "vitest";
import { durationMs, epochMs, formatDuration, formatTime, parseDuration } from "../../src/series/time.ts";

test("parseDuration reads back what formatDuration wrote", () => {
  const duration = fc.oneof(
    fc.nat(),
    fc.maxSafeNat(),
    fc.nat(10_000).map((n) => n * 604_800_000),
  );
  fc.assert(
    fc.property(duration, (ms) => {
      expect(parseDuration(formatDuration(durationMs(ms)))).toBe(ms);
    }),
  );
});

test.each([
  ["0", 0],
  ["0s", 0],
  ["30s", 30_000],
  ["1m30s", 90_000],
  ["1h", 3_600_000],
  ["90d", 7_776_000_000],
  ["1w", 604_800_000],
  ["1y", 31_536_000_000],
  ["1y1w1d1h1m1s1ms", 32_230_861_001],
  ["007s", 7_000],
])("%s is %i ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  [0, "0s"],
  [1, "1ms"],
  [90_000, "1m30s"],
  [604_800_000, "1w"],
  [691_200_000, "8d"],
  [7_776_000_000, "90d"],
])("%i ms are written %s", (ms, text) => {
  expect(formatDuration(durationMs(ms))).toBe(text);
});

test.each([
  "",
  "5",
  "5 min",
  "-5s",
  "+5s",
  "1.5h",
  "5s1m",
  "5s5s",
  "s",
  "5S",
  " 5s",
  "5s\n",
  "1e3s",
  "99999999999999y",
  "٣s",
])("%j is no duration", (text) => {
  expect(() => parseDuration(text)).toThrow(
    new RangeError(`Cannot parse duration ${JSON.stringify(text)}: expected a number and a unit, for example "30s"`),
  );
});

test("times are written in UTC with milliseconds", () => {
  expect(formatTime(epochMs(1_795_351_991_776))).toBe("2026-11-22T12:53:11.776Z");
});
