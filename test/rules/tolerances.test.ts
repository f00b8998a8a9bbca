import { describe, expect, test } from "vitest";
import type { Gates } from "../../src/detectors/detector.ts";
import { limitAt, type Tolerance } from "../../src/rules/tolerance.ts";
import { Tolerances } from "../../src/rules/tolerances.ts";
import { DAY, durationMs, epochMs, HOUR } from "../../src/series/time.ts";

const AT = epochMs(Date.UTC(2026, 10, 23, 8));
const GATES: Gates = {
  direction: "up",
  minimum: 5,
  above: 0.02,
  times: 2.5,
  lasting: { above: 0.003, times: 1.3 },
  against: "baseline",
  widen: 2,
  learningAbove: 0.1,
};
const BOTH: Gates = { ...GATES, direction: "both" };
const LATER = epochMs(AT + 12 * DAY);

const up: Tolerance = {
  side: "up",
  limit: 0.3,
  normal: 0.01,
  from: AT,
  until: LATER,
  halfLife: durationMs(3 * DAY),
  flow: 2,
  longest: durationMs(HOUR),
  learnedAfter: durationMs(HOUR / 2),
  word: { call: "expected", by: "alice", note: "" },
};

const reading = (numerator = 10, seconds = 15, at = AT) => ({ at, seconds, numerator, denominator: 100 });

function holding(...held: readonly Tolerance[]): Tolerances {
  const tolerances = new Tolerances();
  tolerances.grant(held);
  return tolerances;
}

const isOpen = (tolerances: Tolerances, one = reading()) => tolerances.widen(GATES, one) !== GATES;

describe("tolerances", () => {
  test("take values up to the limit out of the conditions of a rule that looks upwards, and never loosen the others", () => {
    const held = holding(up);
    expect(held.widen(GATES, reading())).toEqual({
      ...GATES,
      above: 0.3,
      lasting: { above: 0.3, times: 1.3 },
      learningAbove: 0.3,
    });
    expect(held.widen({ ...GATES, above: 0.5 }, reading()).above).toBe(0.5);
    expect(held.widen(BOTH, reading())).toBe(BOTH);
    expect(held.widen(GATES, reading(10, 15, LATER))).toBe(GATES);
  });

  test("cover what is no further from normal than was called normal, on that side only", () => {
    const held = holding({ ...up, limit: 8.8, normal: 4 });
    const covered = (values: readonly number[]) =>
      values.map((value) => held.cover(BOTH, reading(), value, 4)?.word.by);
    expect(covered([8.7, 9, 2])).toEqual(["alice", undefined, undefined]);
    held.grant([{ ...up, side: "down", limit: 2, normal: 4 }]);
    expect(covered([8.7, 9, 2.1, 1.9])).toEqual(["alice", undefined, "alice", undefined]);
    expect(held.at(AT)).toHaveLength(2);
    expect(held.at(LATER)).toEqual([]);
  });

  test("hold for a reading with no more bad events a second, or with so few that the rule would not look at them", () => {
    expect([30, 31].map((bad) => isOpen(holding(up), reading(bad)))).toEqual([true, false]);
    expect(holding(up).cover(GATES, reading(31), 0.2, 0.01)).toBeUndefined();
    expect([5, 6].map((bad) => isOpen(holding({ ...up, flow: 0.1 }), reading(bad)))).toEqual([true, false]);
    expect(isOpen(holding({ ...up, flow: undefined }), reading(1e9))).toBe(true);
    expect(
      holding({ ...up, side: "down", limit: 0 }).cover({ ...GATES, direction: "down" }, reading(1e9), 1, 2),
    ).toBeDefined();
  });

  test("hold until their time in a row is used up, and say how much that was", () => {
    const held = holding(up);
    for (let i = 0; i < 239; i++) held.spend(reading());
    expect([isOpen(held), held.usedUp]).toEqual([true, 0]);
    held.spend(reading());
    expect([isOpen(held), held.usedUp]).toEqual([false, 3_600]);
    held.grant([up]);
    expect([isOpen(held), held.usedUp]).toEqual([true, 0]);
  });

  test("have all their time again after a pause of more than a quarter of an hour, and after none that is shorter", () => {
    const held = holding(up);
    for (let i = 0; i < 240; i++) held.spend(reading());
    for (let i = 0; i < 60; i++) held.rest(reading());
    expect(isOpen(held)).toBe(false);
    held.spend(reading());
    for (let i = 0; i < 60; i++) held.rest(reading());
    expect(isOpen(held)).toBe(false);
    held.rest(reading());
    expect(isOpen(held)).toBe(true);
  });

  test.each(["rest", "exceed"] as const)("are a level once they stayed for so long without a pause: %s", (pause) => {
    const held = holding(up);
    for (let i = 0; i < 119; i++) held.spend(reading());
    held[pause](reading());
    for (let i = 0; i < 119; i++) held.spend(reading());
    expect(held.isLevel(up)).toBe(false);
    held.spend(reading());
    expect(held.isLevel(up)).toBe(true);
    expect(held.isLevel({ ...up, learnedAfter: undefined })).toBe(false);
  });

  test("count a reading after an outage for five minutes at most", () => {
    const held = holding(up);
    for (let i = 0; i < 11; i++) held.spend(reading(1, 86_400));
    expect([isOpen(held), limitAt(up, AT)]).toEqual([true, 0.3]);
  });
});
