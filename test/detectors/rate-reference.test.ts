import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  apartOf,
  beginRestart,
  creepBound,
  creepEvidence,
  followLevel,
  measureRestart,
  profileRose,
  REFERENCE_CELLS,
} from "../../src/detectors/rate-reference.ts";
import { MONDAY } from "./subject.ts";

const BLOCK = 300;
const DAY = 86_400;

/** A level that is followed from a day on, in blocks of five minutes of 3000 events. */
class Level {
  readonly data = new Float64Array(REFERENCE_CELLS);
  readonly step = { at: MONDAY, seconds: BLOCK, k: 0, mu: 3000, variance: 0.01, age: DAY };

  /** @returns by how much restarts moved the level */
  days(days: number, times: (day: number) => number): number {
    let moved = 0;
    for (let s = BLOCK; s <= days * DAY; s += BLOCK) {
      this.step.at += BLOCK * 1000;
      this.step.age += BLOCK;
      this.step.k = this.step.mu * times(s / DAY);
      followLevel(this.data, 0, this.step);
      moved += measureRestart(this.data, 0, this.step);
    }
    return moved;
  }

  restart(): void {
    beginRestart(this.data, 0, this.step.at);
  }

  get apart(): number {
    return Math.exp(apartOf(this.data, 0));
  }

  get evidence(): number {
    return creepEvidence(this.data, 0);
  }
}

describe("the slow reference of a rate", () => {
  test("a level that stays is nothing apart", () => {
    const level = new Level();
    level.days(14, () => 1);
    expect(level.apart).toBeCloseTo(1, 3);
    expect(level.evidence).toBeLessThan(0.1);
  });

  test("a climb to three times in a week is told before it has doubled", () => {
    const level = new Level();
    level.days(10, () => 1);
    level.days(2.5, (day) => 1 + (2 * day) / 7);
    expect(level.apart).toBeGreaterThan(1.4);
    expect(level.evidence).toBeGreaterThan(6);
  });

  test("it rises by 2 % a day at most, however long a level is high", () => {
    const level = new Level();
    level.days(10, () => 1);
    level.days(5, () => 3);
    expect(level.apart).toBeGreaterThan(3 / 1.02 ** 5 - 0.05);
  });

  test("a day off pulls it down so little that the day after is no climb", () => {
    const level = new Level();
    level.days(10, () => 1);
    level.days(1, () => 0.4);
    level.days(1, () => 1);
    expect(level.apart).toBeLessThan(1.25);
    expect(level.evidence).toBeLessThan(6);
  });

  test("a profile that rises with the traffic hides no climb", () => {
    const level = new Level();
    level.days(10, () => 1);
    level.days(1, () => 1.3);
    const before = level.apart;
    profileRose(level.data, 0, 0.2);
    expect(level.apart).toBeCloseTo(before, 3);
  });
});

describe("a restart", () => {
  test.each([1.35, 0.7])("may move the level × %d for good", (times) => {
    const level = new Level();
    level.days(10, () => 1);
    level.restart();
    const moved = level.days(1, () => times);
    expect(Math.abs(moved - Math.log(times))).toBeLessThan(0.05);
    expect(level.apart).toBeLessThan(1.1);
  });

  test("is known after three hours; before, the level is what it was", () => {
    const level = new Level();
    level.days(10, () => 1);
    level.restart();
    expect(level.days(0.12, () => 1.4)).toBe(0);
    expect(level.apart).toBeCloseTo(1, 2);
    expect(level.days(0.02, () => 1.4)).toBeGreaterThan(0.25);
  });

  test("moves it by half at most, and a row of them no more than double it", () => {
    const level = new Level();
    level.days(10, () => 1);
    let times = 1;
    let moved = 0;
    for (let i = 0; i < 5; i++) {
      times *= 1.6;
      level.restart();
      const step = level.days(0.2, () => times);
      expect(step).toBeLessThanOrEqual(Math.log(1.5) + 1e-9);
      moved += step;
    }
    expect(moved).toBeLessThan(Math.log(2) + Math.log(2) / 4 + 1e-9);
    expect(level.evidence).toBeGreaterThan(6);
  });
});

test("the bound is where the evidence reaches the threshold", () => {
  fc.assert(
    fc.property(fc.double({ min: 1.05, max: 5, noNaN: true }), (times) => {
      const level = new Level();
      level.days(8, () => 1);
      level.days(0.5, () => times);
      expect(creepBound(level.data, 0, level.evidence)).toBeCloseTo(level.apart, 6);
    }),
    { numRuns: 20 },
  );
});
