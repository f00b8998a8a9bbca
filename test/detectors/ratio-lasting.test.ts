import { describe, expect, test } from "vitest";
import { CountsRatio } from "../../src/detectors/counts-ratio.ts";
import type { Gates } from "../../src/detectors/detector.ts";
import { OPTIONS, poisson, RATIO_GATES, randomFrom, Subject } from "./subject.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const CREEP: Gates = { ...RATIO_GATES, against: "anchor" };

const requests =
  (rate: number, every: number, random: () => number) =>
  (share: number): [number, number] => {
    const total = poisson(rate * every, random);
    return [poisson(total * share, random), total];
  };

describe.each([5, 15, 60])("at one scrape every %d s", (every) => {
  test("half a point more for hours is found within the hour, and its end is", () => {
    const shown = requests(50, every, randomFrom(every));
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    expect(ratio.run(DAY, every, () => shown(0.002))).toBeUndefined();
    const before = ratio.expected()!;
    expect(ratio.run(2 * HOUR, every, () => shown(0.007))).toBeLessThanOrEqual(HOUR);
    expect(ratio.firing).toBe(true);
    expect(ratio.expected()).toBeLessThan(1.1 * before);
    ratio.run(HOUR, every, () => shown(0.002));
    expect(ratio.firing).toBe(false);
  });

  test("scrapes that come late or not at all change nothing", () => {
    const random = randomFrom(every + 1);
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    const play = (seconds: number, share: number): number | undefined => {
      let first: number | undefined;
      for (let passed = 0; passed < seconds; ) {
        const spacing = every * (random() < 0.05 ? 2 : 1) + 0.2 * (random() - 0.5);
        passed += spacing;
        if (ratio.take(spacing, ...requests(50, spacing, random)(share))) first ??= passed;
      }
      return first;
    };
    expect(play(DAY, 0.002)).toBeUndefined();
    expect(play(HOUR, 0.007)).toBeLessThanOrEqual(HOUR);
    play(HOUR, 0.002);
    expect(play(120, 0.1)).toBeLessThanOrEqual(2 * every + 1);
  });
});

test("the sum says since when, over how much, and what would not have fired", () => {
  const shown = requests(50, 15, randomFrom(3));
  const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
  ratio.run(DAY, 15, () => shown(0.002));
  const began = ratio.at;
  while (!ratio.firing) ratio.take(15, ...shown(0.004));
  const why = ratio.detector.explain(ratio.row, RATIO_GATES, 0);
  expect(why.test).toMatch(/^sum of/);
  expect(Math.abs(why.since! - began)).toBeLessThan(2 * HOUR * 1000);
  // It ends with its last full block.
  const end = why.since! + why.window * 1000;
  expect(end).toBeLessThanOrEqual(ratio.at);
  expect(ratio.at - end).toBeLessThan(300_000);
  expect(why.observed).toBeGreaterThan(why.upper!);
  expect(why.upper).toBeGreaterThan(why.expected!);
  expect(why.evidence).toBeGreaterThanOrEqual(why.threshold);
});

test("the span of an explanation is that in which what it counts came, in windows part-full and in sums", () => {
  const shown = requests(50, 5, randomFrom(4));
  const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
  const taken: { at: number; reading: readonly [number, number] }[] = [];
  const take = (share: number) => {
    const reading = shown(share);
    ratio.take(5, ...reading);
    taken.push({ at: ratio.at, reading });
  };
  for (let s = 0; s < DAY; s += 5) take(0.002);
  const tests = new Set<string>();
  for (let i = 0; i < 700; i++) {
    take(i % 100 < 3 ? 0.1 : 0.006);
    const why = ratio.detector.explain(ratio.row, RATIO_GATES, 0);
    tests.add(why.test);
    if (why.window === 0) continue;
    const until = why.since === undefined ? ratio.at : why.since + why.window * 1000;
    const within = taken.filter(({ at }) => at > until - why.window * 1000 + 1 && at <= until + 1);
    const [bad, total] = [0, 1].map((of) => within.reduce((sum, { reading }) => sum + reading[of as 0 | 1], 0));
    expect([why.test, why.numerator, why.denominator]).toEqual([why.test, bad, total]);
  }
  expect([...tests].sort()).toEqual(expect.arrayContaining(["60s window", "sum of 5m blocks"]));
});

test("nats on top make every test wait for so much more", () => {
  const shown = requests(50, 15, randomFrom(3));
  const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
  ratio.run(DAY, 15, () => shown(0.002));
  while (!ratio.firing) ratio.take(15, ...shown(0.005));
  const { evidence, threshold } = ratio.detector.explain(ratio.row, RATIO_GATES, 0);
  const enough = evidence - threshold;
  expect(ratio.detector.judge(ratio.row, RATIO_GATES, enough + 1)).toBeLessThan(1);
  expect(ratio.detector.explain(ratio.row, RATIO_GATES, 5).threshold).toBe(threshold + 5);
});

test("what lasts but is smaller than the rule asks for is no alarm", () => {
  const shown = requests(50, 15, randomFrom(3));
  const ratio = new Subject(new CountsRatio(OPTIONS), { ...RATIO_GATES, lasting: { above: 0.02, times: 1.2 } });
  ratio.run(DAY, 15, () => shown(0.002));
  expect(ratio.run(6 * HOUR, 15, () => shown(0.007))).toBeUndefined();
});

test("after a restart the first three minutes may fail three times as much, and a release a third more for good", () => {
  const shown = requests(50, 15, randomFrom(5));
  const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
  ratio.run(2 * DAY, 15, () => shown(0.01));
  ratio.detector.settle(ratio.row, ratio.at);
  expect(ratio.run(180, 15, () => shown(0.03))).toBeUndefined();
  expect(ratio.run(2 * DAY, 15, () => shown(0.0125))).toBeUndefined();
});

test("while a server is still cold a burst fires all the same", () => {
  const shown = requests(50, 5, randomFrom(6));
  const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
  ratio.run(HOUR, 5, () => shown(0.002));
  ratio.detector.settle(ratio.row, ratio.at);
  expect(ratio.run(120, 5, () => shown(0.2))).toBeLessThanOrEqual(35);
});

test("no band is beyond all requests", () => {
  const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
  ratio.run(300, 15, () => [0, 900]);
  ratio.take(15, 1, 2);
  for (let i = 0; i < 8; i++) {
    ratio.take(15, 0, 1);
    expect(ratio.detector.explain(ratio.row, RATIO_GATES, 0).upper).toBeLessThanOrEqual(1);
  }
});

describe("a newborn", () => {
  test("counts requests that wait as seen, and says how long until they teach", () => {
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    const told: number[] = [];
    while (ratio.detector.learning(ratio.row)) {
      ratio.take(5, 0, 100);
      const { seconds, events } = ratio.detector.readiness(ratio.row);
      if (told.length > 1) expect(events).toBe(0);
      told.push(seconds);
    }
    expect(told).toEqual(Array.from(told, (_, i) => 115 - 5 * i));
    expect(told.at(-1)).toBe(0);
  });

  test("that fails eight of a hundred from its first minute on is still being learned after half an hour", () => {
    const shown = requests(50, 15, randomFrom(7));
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    ratio.run(HOUR / 2, 15, () => shown(0.08));
    expect(ratio.detector.learning(ratio.row)).toBe(true);
    expect(ratio.detector.readiness(ratio.row).seconds).toBeCloseTo(HOUR / 2, 0);
    expect(ratio.run(300, 15, () => shown(0.3))).toBeLessThanOrEqual(60);
  });

  test("that was fuzzed for its first half hour expects little again after a few hours", () => {
    const shown = requests(50, 15, randomFrom(8));
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    ratio.run(HOUR / 2, 15, () => shown(0.08));
    ratio.run(6 * HOUR, 15, () => shown(0.001));
    expect(ratio.expected()).toBeLessThan(0.01);
    expect(ratio.run(300, 15, () => shown(0.05))).toBeLessThanOrEqual(60);
  });

  test("begins with what its sibling expects", () => {
    const shown = requests(50, 15, randomFrom(9));
    const sibling = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    sibling.run(2 * DAY, 15, () => shown(0.015));
    const born = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    born.detector.inherit(born.row, sibling.detector.save(sibling.row));
    expect(born.expected()).toBeCloseTo(0.015, 3);
  });

  test("believes no sibling that fails more than one in fifty", () => {
    const shown = requests(50, 15, randomFrom(10));
    const sibling = new Subject(new CountsRatio(OPTIONS), {
      ...RATIO_GATES,
      above: 1,
      lasting: { above: 1, times: 1 },
    });
    sibling.run(2 * DAY, 60, () => shown(0.3));
    const born = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    born.detector.inherit(born.row, sibling.detector.save(sibling.row));
    expect(born.expected()).toBeLessThanOrEqual(0.02);
    expect(born.run(120, 15, () => shown(0.3))).toBeLessThanOrEqual(60);
  });
});

describe("against the slow reference", () => {
  /** Days at a ratio that grows by a factor a day. @returns the day on which the reference was first left */
  const climb = (times: number, days: number): number | undefined => {
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    ratio.run(3 * DAY, 300, () => [60, 6000]);
    let left: number | undefined;
    ratio.run(days * DAY, 300, (s) => {
      if (ratio.detector.judge(ratio.row, CREEP, 0) >= 1) left ??= s / DAY;
      return [Math.round(60 * times ** (s / DAY)), 6000];
    });
    return left;
  };

  test.each([
    [1, 20, undefined],
    [1.03, 20, undefined],
    [1.125, 14, 11],
    [1.08, 22, 21],
    [1.055, 32, 31],
  ])("a ratio that grows by a factor of %d a day for %d days is told of before day %s", (times, days, before) => {
    const left = climb(times, days);
    if (before === undefined) expect(left).toBeUndefined();
    else expect(left).toBeLessThan(before);
  });

  test("it looks no farther back than a row is old, and says when it will be known", () => {
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    ratio.run(540, 15, () => [3, 900]);
    expect(ratio.detector.explain(ratio.row, CREEP, 0).window).toBe(540);
    expect(ratio.detector.learning(ratio.row)).toBe(false);
    expect(ratio.detector.learning(ratio.row, "anchor")).toBe(true);
    expect(ratio.detector.readiness(ratio.row, "anchor")).toEqual({ seconds: DAY - 540, scrapes: 0, events: 0 });
    ratio.run(DAY, 15, () => [3, 900]);
    expect(ratio.detector.learning(ratio.row, "anchor")).toBe(false);
    expect(ratio.detector.readiness(ratio.row, "anchor").seconds).toBe(0);
  });

  test("it says what it was held against", () => {
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    expect(ratio.detector.explain(ratio.row, CREEP, 0).expected).toBeUndefined();
    ratio.run(3 * DAY, 300, () => [60, 6000]);
    expect(ratio.detector.explain(ratio.row, CREEP, 0)).toMatchObject({
      test: "a day against the slow reference",
      window: DAY,
      decayed: true,
      observed: expect.closeTo(0.01, 3),
      expected: expect.closeTo(0.01, 3),
      threshold: 8,
    });
  });
});
