import { describe, expect, test } from "vitest";
import { CountsRate } from "../../src/detectors/counts-rate.ts";
import { emptyWindows, K, LAST, SECONDS, STRIDE, spacingOf, windowCell } from "../../src/detectors/rate-row.ts";
import { START } from "../../src/detectors/windows.ts";
import { MONDAY, OPTIONS } from "./subject.ts";

test("a row of a rate takes no more than a thousand bytes", () => {
  expect(new CountsRate(OPTIONS).bytesPerRow).toBeLessThanOrEqual(1000);
});

describe("emptying the windows of a row", () => {
  const data = new Float64Array(STRIDE);
  data[LAST] = MONDAY;
  for (const w of [0, 1]) {
    data[windowCell(0, w) + START] = MONDAY - 15_000;
    data[windowCell(0, w) + K] = 150;
    data[windowCell(0, w) + SECONDS] = 15;
  }
  emptyWindows(data, 0);

  test("leaves how long the newest reading was", () => {
    expect(spacingOf(data, 0)).toBe(15);
  });

  test("leaves nothing that was counted", () => {
    expect([0, 1].map((w) => data[windowCell(0, w) + K]! + data[windowCell(0, w) + SECONDS]!)).toEqual([0, 0]);
    expect(data[windowCell(0, 1) + START]).toBe(0);
  });
});

test("a reading no rule judges, after a restart, leaves windows that begin after it and hold nothing", () => {
  const detector = new CountsRate(OPTIONS);
  const row = detector.add();
  detector.settle(row, MONDAY);
  detector.advance(row, { at: MONDAY + 15_000, seconds: 15, numerator: 900, denominator: 15 });
  const saved = detector.save(row);
  for (const w of [0, 1, 2, 3, 4]) {
    const cell = windowCell(0, w);
    // The first one says how long the reading was.
    const began = w === 0 ? MONDAY : MONDAY + 15_000;
    expect([saved[cell + START], saved[cell + K], saved[cell + SECONDS]]).toEqual([began, 0, 0]);
  }
});
