import { expect, test } from "vitest";
import { parseLength, parseTime } from "../../src/series/parse-time.ts";

test.each([
  ["0", 0],
  ["-1.5", -1_500],
  ["1420070400.123", 1_420_070_400_123],
  ["1.4200704e9", 1_420_070_400_000],
  ["2015-01-01T00:00:00Z", 1_420_070_400_000],
  ["2015-01-01t01:00:00.25+01:00", 1_420_070_400_250],
  ["2024-02-29T00:00:00.123456789Z", 1_709_164_800_123],
])("the time %s is %i ms", (text, ms) => {
  expect(parseTime(text)).toBe(ms);
});

test.each(["", "now", "0x10", "Infinity", "1e30", "2015-01-01", "2015-02-29T00:00:00Z", "2015-01-01T24:00:00Z", "1 "])(
  "%j is no time",
  (text) => {
    expect(() => parseTime(text)).toThrow(
      'expected Unix seconds or an RFC 3339 time, for example "2027-01-31T18:00:00Z"',
    );
  },
);

test.each([
  ["15", 15_000],
  ["0.5", 500],
  ["1h30m", 5_400_000],
  ["5ms", 5],
])("the length %s is %i ms", (text, ms) => {
  expect(parseLength(text)).toBe(ms);
});

test.each(["", "0", "0s", "-1", "0.0001", "1.5m", "NaN", "1e30"])("%j is no length", (text) => {
  expect(() => parseLength(text)).toThrow('expected a duration above 0, in seconds or for example "1m"');
});
