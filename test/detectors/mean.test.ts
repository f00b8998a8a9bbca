import { describe, expect, test } from "vitest";
import { LogMean } from "../../src/detectors/log-mean.ts";
import { DROP_GATES, MEAN_GATES, normal, OPTIONS, poisson, randomFrom, Subject } from "./subject.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const GATES = { ...MEAN_GATES, lasting: { above: 0, times: 1.25 } };

/** Requests at a rate whose times scatter by `spread` each, around a mean of `micros` times `factor` at an instant. */
function requests(perSecond: number, spread: number, seed: number) {
  const random = randomFrom(seed);
  return (every: number, factor = 1): [number, number] => {
    const count = poisson(perSecond * every, random);
    const noise = count > 0 ? Math.max(0.05, 1 + (spread / Math.sqrt(count)) * normal(random)) : 1;
    return [count * 10_000 * factor * noise, count];
  };
}

describe.each([1, 15, 60])("a mean at one scrape every %d s", (every) => {
  test("is no alarm for two days in which every hour is different, nor in the days after", () => {
    const mean = new Subject(new LogMean(OPTIONS), GATES);
    const take = requests(20, 0.8, every);
    const day = (s: number) => 1 + 0.15 * Math.sin((2 * Math.PI * s) / DAY);
    const spacing = Math.max(every, 5);
    expect(mean.run(3 * DAY, spacing, (s) => take(spacing, day(s)))).toBeUndefined();
  });

  test("is found when it is twice as long, with scrapes that come late or not at all", () => {
    const random = randomFrom(every + 1);
    const mean = new Subject(new LogMean(OPTIONS), GATES);
    const take = requests(20, 0.8, every);
    const uneven = (seconds: number, factor: number) => {
      let first: number | undefined;
      for (let s = 0; s < seconds; ) {
        const length = every * (random() < 0.1 ? 2 : 0.9 + 0.2 * random());
        s += length;
        if (mean.take(length, ...take(length, factor))) first ??= s;
      }
      return first;
    };
    expect(uneven(3 * HOUR, 1)).toBeUndefined();
    expect(uneven(15 * 60, 2)).toBeLessThanOrEqual(Math.max(30, 4 * every));
    uneven(Math.max(120, 12 * every), 1);
    expect(mean.firing).toBe(false);
    expect(uneven(HOUR, 1)).toBeUndefined();
  });

  test("is found when it is half as long again for half an hour", () => {
    const mean = new Subject(new LogMean(OPTIONS), GATES);
    const take = requests(20, 0.8, every);
    mean.run(6 * HOUR, every, () => take(every));
    expect(mean.run(30 * 60, every, () => take(every, 1.5))).toBeLessThan(20 * 60);
  });
});

test("while an alarm stands, what would not have fired is what would not have begun it", () => {
  const mean = new Subject(new LogMean(OPTIONS), GATES);
  const take = requests(20, 0.8, 5);
  mean.run(6 * HOUR, 15, () => take(15));
  expect(mean.run(600, 15, () => take(15, 4))).toBeDefined();
  expect(mean.firing).toBe(true);
  const why = mean.detector.explain(mean.row, GATES, 0);
  expect(why.test).toBe("two blocks");
  expect(why.upper).toBeGreaterThanOrEqual(1.6 * why.expected!);
  expect(why.lower).toBeLessThanOrEqual(why.expected! / 1.6);
});

test("two requests a minute are enough to find in an hour that each takes three times as long", () => {
  const mean = new Subject(new LogMean(OPTIONS), GATES);
  const take = requests(2 / 60, 0.6, 3);
  expect(mean.run(4 * DAY, 15, () => take(15))).toBeUndefined();
  expect(mean.run(HOUR, 15, () => take(15, 3))).toBeLessThan(HOUR);
});

test("a shift by less than a rule asks for is none of its business, however long it lasts", () => {
  const mean = new Subject(new LogMean(OPTIONS), { ...GATES, times: 2, lasting: { above: 0, times: 2 } });
  const take = requests(20, 0.5, 4);
  mean.run(6 * HOUR, 15, () => take(15));
  expect(mean.run(6 * HOUR, 15, () => take(15, 1.6))).toBeUndefined();
});

test("what lasts may be smaller to matter, what does not may not", () => {
  const shifted = (lasting: number) => {
    const mean = new Subject(new LogMean(OPTIONS), { ...GATES, times: 2, lasting: { above: 0, times: lasting } });
    const take = requests(20, 0.5, 4);
    mean.run(6 * HOUR, 15, () => take(15));
    return mean.run(HOUR, 15, () => take(15, 1.6));
  };
  expect(shifted(1.25)).toBeGreaterThanOrEqual(300);
  expect(shifted(2)).toBeUndefined();
});

test("explain names the test that fires, what it counted since when, and a band that has just been left", () => {
  const mean = new Subject(new LogMean(OPTIONS), GATES);
  const take = requests(20, 0.8, 5);
  mean.run(6 * HOUR, 15, () => take(15));
  const before = mean.at;
  mean.run(30 * 60, 15, () => take(15, 1.45));
  expect(mean.firing).toBe(true);
  const told = mean.detector.explain(mean.row, GATES, 0);
  expect(told.test).toBe("CUSUM of blocks");
  expect(Math.abs((told.since ?? 0) - before)).toBeLessThan(300_000);
  expect(told.window).toBeCloseTo((mean.at - told.since!) / 1000, 6);
  expect(told.numerator / told.denominator).toBe(told.observed);
  expect(told.observed / told.expected!).toBeCloseTo(1.45, 1);
  expect(told.evidence).toBeGreaterThan(told.threshold);
  expect(told.upper).toBeLessThan(told.observed);
});

test("two strong blocks explain themselves as such", () => {
  const mean = new Subject(new LogMean(OPTIONS), GATES);
  const take = requests(20, 0.8, 6);
  mean.run(6 * HOUR, 15, () => take(15));
  expect(mean.run(45, 15, () => take(15, 3))).toBe(30);
  const told = mean.detector.explain(mean.row, GATES, 0);
  expect(told.evidence).toBeGreaterThan(told.threshold);
  expect(told.upper).toBeLessThan(told.observed);
  expect(told.upper).toBeGreaterThanOrEqual(1.4 * told.expected!);
});

test("a fall is judged on its own side and its band lies below", () => {
  const mean = new Subject(new LogMean(OPTIONS), { ...DROP_GATES, times: 1.5 });
  const take = requests(20, 0.8, 7);
  mean.run(6 * HOUR, 15, () => take(15));
  expect(mean.run(600, 15, () => take(15, 2))).toBeUndefined();
  mean.run(600, 15, () => take(15));
  expect(mean.run(600, 15, () => take(15, 0.4))).toBeLessThanOrEqual(60);
  const told = mean.detector.explain(mean.row, mean.gates, 0);
  expect(told.lower).toBeGreaterThan(told.observed);
  expect(told.lower).toBeLessThan(told.expected!);
});

test("a version that begins with its sibling's scatter judges by it, but by its own level", () => {
  const take = requests(5, 0.5, 8);
  const sibling = new Subject(new LogMean(OPTIONS), GATES);
  sibling.run(DAY, 15, () => take(15));
  const young = new Subject(sibling.detector, GATES);
  young.detector.inherit(young.row, sibling.detector.save(sibling.row));
  expect(young.detector.learning(young.row)).toBe(true);
  expect(young.run(HOUR, 15, () => take(15, 4))).toBeUndefined();
  expect(young.expected()).toBeGreaterThan(3.5 * sibling.expected()!);
  expect(young.run(600, 15, () => take(15, 10))).toBeLessThanOrEqual(60);
});

test("after an alarm that is adopted the new level is expected", () => {
  const mean = new Subject(new LogMean(OPTIONS), GATES);
  const take = requests(20, 0.5, 9);
  mean.run(6 * HOUR, 15, () => take(15));
  const before = mean.expected()!;
  mean.run(HOUR, 15, () => take(15, 2));
  expect(mean.firing).toBe(true);
  mean.detector.adopt(mean.row);
  mean.firing = false;
  expect(mean.expected()! / before).toBeCloseTo(2, 1);
  expect(mean.run(HOUR, 15, () => take(15, 2))).toBeUndefined();
});
