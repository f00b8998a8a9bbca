import { describe, expect, test } from "vitest";
import { CountsRate } from "../../src/detectors/counts-rate.ts";
import type { Gates } from "../../src/detectors/detector.ts";
import { DROP_GATES, MONDAY, OPTIONS, poisson, RATE_GATES, randomFrom, Subject } from "./subject.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const SURGE: Gates = { ...RATE_GATES, lasting: { above: 0, times: 1.8 } };
const CREEP: Gates = { ...RATE_GATES, against: "anchor", lasting: { above: 0, times: 1.4 } };
const BINS = 24;

const subject = (gates = SURGE, start = MONDAY): Subject => new Subject(new CountsRate(OPTIONS), gates, start);
const rushes = (rate: Subject): number[] => [...rate.detector.save(rate.row).slice(-BINS)];

describe.each([15, 60])("a drop, at one scrape every %d s", (every) => {
  test.each([
    ["an hour", 1 / 24],
    ["two days", 2],
  ])("of a row that is %s old lasts as long as it does", (_, days) => {
    const random = randomFrom(3);
    const rate = subject(DROP_GATES);
    rate.run(days * DAY, every, () => [poisson(20 * every, random)]);
    rate.run(180, every, () => [poisson(every, random)]);
    for (let s = 0; s < 2 * HOUR; s += every) expect(rate.take(every, poisson(every, random))).toBe(true);
  });
});

test("a drop is explained by the minute that showed it, whatever part of the next one is there", () => {
  const random = randomFrom(4);
  const rate = subject(DROP_GATES);
  rate.run(2 * HOUR, 1, () => [poisson(20, random)]);
  rate.run(180, 1, () => [poisson(2, random)]);
  for (let s = 0; s < 300; s++) {
    expect(rate.take(1, poisson(2, random))).toBe(true);
    const { window, observed, lower, numerator } = rate.detector.explain(rate.row, DROP_GATES, 0);
    expect(window).toBe(60);
    expect(observed).toBeCloseTo(numerator / 60, 9);
    expect(observed).toBeLessThanOrEqual(lower!);
  }
});

test("a flood that comes every night does not become usual", () => {
  const random = randomFrom(3);
  const rate = subject();
  const night = (at: number): boolean => at % DAY >= 2 * HOUR && at % DAY < 5 * HOUR;
  rate.run(7 * DAY, 15, () => [poisson(300, random)]);
  for (let day = 0; day < 4; day++) {
    let alarmed = 0;
    for (let s = 0; s < DAY; s += 15) {
      const flooded = night(rate.at / 1000);
      if (rate.take(15, poisson(flooded ? 1300 : 300, random)) && flooded) alarmed += 15;
    }
    expect(alarmed).toBeGreaterThan(0.95 * 3 * HOUR);
  }
});

test("an alarm is not over because a window that began before it ends", () => {
  const random = randomFrom(5);
  const rate = subject();
  rate.run(2 * DAY + 285, 15, () => [poisson(150, random)]);
  const found = rate.run(150, 15, () => [poisson(1500, random)])!;
  expect(found).toBeLessThanOrEqual(60);
  for (let s = 0; s < HOUR; s += 15) expect(rate.take(15, poisson(1500, random))).toBe(true);
});

test("a scrape at the beginning of a block is held to what a scrape asks for", () => {
  const random = randomFrom(2);
  const rate = subject();
  rate.run(2 * DAY, 15, () => [poisson(150, random)]);
  for (let i = 0; i < 200; i++) {
    rate.run(600 + 15 * (i % 20), 15, () => [poisson(150, random)]);
    expect(rate.take(15, 310)).toBe(false);
  }
});

describe("a row younger than a day", () => {
  const born = (rate: number, times: (hour: number) => number): number | undefined => {
    const random = randomFrom(2);
    const young = subject();
    return young.run(DAY, 15, (s) => [poisson(15 * rate * times(s / HOUR), random)]);
  };

  test.each([1.5, 2])("tells of a climb that begins with it, × %d an hour", (each) => {
    expect(born(1, (hour) => each ** Math.min(hour, 14))).toBeLessThan(10 * HOUR);
  });

  test.each([0.5, 5, 50])(
    "takes no honest day for a climb, ten times as busy at noon as at midnight, about %d/s",
    (rate) => {
      expect(born(rate, (hour) => 1.22 - Math.cos((2 * Math.PI * hour) / 24))).toBeUndefined();
    },
  );

  test("teaches no hour a rush that it has not seen", () => {
    const random = randomFrom(1);
    const rate = subject(SURGE, MONDAY + 13 * HOUR * 1000);
    rate.run(2 * HOUR, 15, () => [poisson(300, random)]);
    expect(rushes(rate)[0]).toBe(0);
    expect(rushes(rate)[13]).toBeGreaterThan(0);
  });
});

test.each([2, 4])("restarts every %d hours hide a climb no further than to twice what is told without", (every) => {
  const random = randomFrom(6);
  const rate = subject();
  rate.run(9 * DAY, 60, () => [poisson(600, random)]);
  let told: number | undefined;
  for (let s = 60; s <= 10 * DAY && told === undefined; s += 60) {
    const times = Math.exp((0.157 * s) / DAY);
    if (s % (every * HOUR) === 0) rate.detector.settle(rate.row, rate.at);
    rate.take(60, poisson(600 * times, random));
    if (rate.detector.judge(rate.row, CREEP, 0) >= 1) told = times;
  }
  expect(told).toBeLessThan(3.2);
});
