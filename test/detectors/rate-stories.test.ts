import { describe, expect, test } from "vitest";
import { CountsRate } from "../../src/detectors/counts-rate.ts";
import type { Gates } from "../../src/detectors/detector.ts";
import { OPTIONS, poisson, RATE_GATES, randomFrom, Subject } from "./subject.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const SURGE: Gates = { ...RATE_GATES, lasting: { above: 0, times: 1.8 } };
const CREEP: Gates = { ...RATE_GATES, against: "anchor", lasting: { above: 0, times: 1.4 } };

const subject = (): Subject => new Subject(new CountsRate(OPTIONS), SURGE);

/** Traffic of a day that is five times as busy at noon as at midnight, in requests a second. */
const daily = (rate: number, second: number): number => rate * (1.5 - Math.cos((2 * Math.PI * second) / DAY));

describe.each([5, 15, 60])("at one scrape every %d s, a row that has seen two days", (every) => {
  const random = randomFrom(every);
  const learned = subject();
  const traffic = (times: number) => (): [number] => [poisson(daily(10, learned.at / 1000) * times * every, random)];

  test("took no day for a surge", () => {
    expect(learned.run(2 * DAY, every, traffic(1))).toBeUndefined();
  });

  test("finds two and a half times the traffic within the hour, though no burst is that small", () => {
    const first = learned.run(2 * HOUR, every, traffic(2.5));
    expect(first).toBeLessThanOrEqual(HOUR);
    const { observed, expected, upper, since, evidence, threshold } = learned.detector.explain(learned.row, SURGE, 0);
    expect(observed / expected!).toBeGreaterThan(2);
    expect(observed).toBeGreaterThan(upper!);
    expect(evidence).toBeGreaterThan(threshold);
    if (since !== undefined) expect(learned.at - since).toBeLessThanOrEqual(2.1 * HOUR * 1000);
  });

  test("is calm half an hour after it, with what it expected before", () => {
    learned.run(HOUR / 2, every, traffic(1));
    expect(learned.firing).toBe(false);
    expect(learned.expected()! / daily(10, learned.at / 1000)).toBeLessThan(1.25);
    expect(learned.run(3 * HOUR, every, traffic(1))).toBeUndefined();
  });

  test("finds a flood within two scrapes, also where a budget raises its thresholds", () => {
    const flood = traffic(12)()[0];
    learned.detector.advance(learned.row, {
      at: learned.at + every * 1000,
      seconds: every,
      numerator: flood,
      denominator: every,
    });
    const [plain, raised] = [0, 8].map((raise) => learned.detector.judge(learned.row, SURGE, raise));
    expect(raised).toBeLessThan(plain!);
    expect(learned.run(300, every, traffic(12))).toBeLessThanOrEqual(2 * every);
  });
});

test("jitter, missed scrapes and five minutes without any are no surge and hide none", () => {
  const random = randomFrom(3);
  const rate = subject();
  const scrape = (times: number): boolean => {
    const missed = random() < 0.05 ? 1 + Math.floor(20 * random()) : 1;
    const seconds = 15 * missed + 4 * (random() - 0.5);
    return rate.take(seconds, poisson(daily(5, rate.at / 1000) * times * seconds, random), seconds);
  };
  for (let i = 0; i < (2 * DAY) / 15; i++) expect(scrape(1)).toBe(false);
  let found = 0;
  while (!scrape(8)) found++;
  expect(found).toBeLessThanOrEqual(2);
});

test("a job that runs every night is no flood once it was seen; at another hour it is a surge", () => {
  const random = randomFrom(8);
  const rate = subject();
  const nightly = (at: number): number => (at % DAY >= 3.2 * HOUR && at % DAY < 3.6 * HOUR ? 2.4 : 1);
  const traffic = (times: (at: number) => number) => (): [number] => [poisson(20 * times(rate.at / 1000) * 15, random)];
  expect(rate.run(4 * DAY, 15, traffic(nightly))).toBeUndefined();
  expect(rate.run(3 * HOUR, 15, traffic(nightly))).toBeUndefined();
  expect(rate.run(DAY / 2, 15, traffic(nightly))).toBeUndefined();
  expect(
    rate.run(
      HOUR / 2,
      15,
      traffic(() => 2.4),
    ),
  ).toBeDefined();
});

test("a quiet weekend is no reason for alarm on Monday", () => {
  const random = randomFrom(4);
  const rate = subject();
  const week = (): [number] => {
    const day = Math.floor(rate.at / 1000 / DAY + 3) % 7;
    return [poisson(daily(20, rate.at / 1000) * (day >= 5 ? 0.4 : 1) * 60, random)];
  };
  expect(rate.run(15 * DAY, 60, week)).toBeUndefined();
});

test("a restart after which traffic is two fifths more is no surge and no climb", () => {
  const random = randomFrom(6);
  const rate = subject();
  rate.run(9 * DAY, 60, () => [poisson(600, random)]);
  rate.detector.settle(rate.row, rate.at);
  for (let i = 0; i < 3 * 24 * 60; i++) {
    expect(rate.take(60, poisson(600 * 1.4, random))).toBe(false);
    expect(rate.detector.judge(rate.row, CREEP, 0)).toBeLessThan(1);
  }
});

test("traffic that triples within a week is told before it has doubled, by the slow reference alone", () => {
  const random = randomFrom(5);
  const rate = subject();
  let told: number | undefined;
  const week = (climb: number): void => {
    for (let s = 60; s <= 7 * DAY; s += 60) {
      const times = 1 + (climb * s) / (7 * DAY);
      expect(rate.take(60, poisson(daily(10, rate.at / 1000) * times * 60, random))).toBe(false);
      if (rate.detector.judge(rate.row, CREEP, 0) < 1) continue;
      told = times;
      return;
    }
  };
  week(0);
  week(0);
  expect(told).toBeUndefined();
  week(2);
  expect(told).toBeLessThan(2);
  const { observed, expected, upper, since } = rate.detector.explain(rate.row, CREEP, 0);
  expect(observed / expected!).toBeGreaterThan(1.4);
  expect(observed).toBeGreaterThanOrEqual(0.999 * upper!);
  expect(rate.at - since!).toBeGreaterThan(DAY * 1000);
  expect(rate.detector.judge(rate.row, SURGE, 0)).toBeLessThan(1);
});

test("hours and weekends are those of the place, through a change of its clocks", () => {
  const shift = 7 * HOUR * 1000;
  const summer = (at: number): number => (at < SPRING ? shift : shift + HOUR * 1000);
  const start = Date.UTC(2026, 2, 16);
  const SPRING = Date.UTC(2026, 2, 22);
  const random = randomFrom(7);
  const rate = new Subject(new CountsRate({ ...OPTIONS, offset: summer }), SURGE, start);
  const office = (): [number] => {
    const local = ((rate.at + summer(rate.at)) / 1000) % DAY;
    return [poisson((local >= 9 * HOUR && local < 17 * HOUR ? 40 : 8) * 60, random)];
  };
  rate.run(5 * DAY, 60, office);
  rate.at = Date.UTC(2026, 2, 23);
  expect(rate.run(3 * DAY, 60, office)).toBeUndefined();
});

test("after a day of alarm the rate it saw is expected at every hour", () => {
  const random = randomFrom(9);
  const rate = subject();
  const traffic = (times: number) => (): [number] => [poisson(daily(10, rate.at / 1000) * times * 60, random)];
  rate.run(3 * DAY, 60, traffic(1));
  rate.run(DAY, 60, traffic(4));
  expect(rate.firing).toBe(true);
  rate.detector.adopt(rate.row);
  rate.firing = false;
  expect(rate.run(DAY, 60, traffic(4))).toBeUndefined();
});

test("a sibling teaches how bursty traffic is, but not so much that a flood goes unseen", () => {
  const random = randomFrom(2);
  const wild = subject();
  wild.run(DAY / 2, 15, () => [random() < 0.02 ? poisson(15_000, random) : 0]);
  const born = subject();
  born.detector.inherit(born.row, wild.detector.save(wild.row));
  expect(born.run(120, 15, () => [poisson(150, random)])).toBeUndefined();
  expect(born.run(300, 15, () => [poisson(150 * 20, random)])).toBeLessThanOrEqual(60);
});
