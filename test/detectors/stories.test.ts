import { describe, expect, test } from "vitest";
import { Backlog } from "../../src/detectors/backlog.ts";
import { CountsRate } from "../../src/detectors/counts-rate.ts";
import { CountsRatio } from "../../src/detectors/counts-ratio.ts";
import { Gauge } from "../../src/detectors/gauge.ts";
import { LogMean } from "../../src/detectors/log-mean.ts";
import {
  BACKLOG_GATES,
  DROP_GATES,
  GATES,
  MEAN_GATES,
  MONDAY,
  OPTIONS,
  poisson,
  RATE_GATES,
  RATIO_GATES,
  randomFrom,
  Subject,
} from "./subject.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const SPACINGS = [1, 5, 15, 60];

describe.each(SPACINGS)("at one scrape every %d s", (every) => {
  const random = randomFrom(every);
  const requests = (rate: number, share: number) => (): [number, number] => {
    const total = poisson(rate * every, random);
    return [poisson(total * share, random), total];
  };
  const arrivals = (rate: number) => (): [number] => [poisson(rate * every, random)];

  test("a ratio: a burst fires at once, ends within two minutes, and teaches nothing", () => {
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    expect(ratio.run(2 * HOUR, every, requests(20, 0.002))).toBeUndefined();
    const before = ratio.expected()!;
    expect(ratio.run(300, every, requests(20, 0.3))).toBeLessThanOrEqual(Math.max(5, every));
    expect(ratio.firing).toBe(true);
    ratio.run(120, every, requests(20, 0.002));
    expect(ratio.firing).toBe(false);
    expect(ratio.expected()).toBeLessThan(1.3 * before);
  });

  test("a ratio: the first burst of a model never seen is found, one failure of four is not", () => {
    const burst = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    expect(burst.run(60, every, requests(5, 0.9))).toBeLessThanOrEqual(Math.max(15, every));
    const accident = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    expect(accident.take(every, 1, 4)).toBe(false);
  });

  test("a ratio: a model that always fails five of a hundred is no alarm once that is known", () => {
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    ratio.run(DAY / 4, every, requests(20, 0.05));
    expect(ratio.run(DAY / 4, every, requests(20, 0.05))).toBeUndefined();
  });

  test("a ratio: an alarm ends when traffic stops", () => {
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    ratio.run(HOUR, every, requests(20, 0.001));
    ratio.run(120, every, requests(20, 0.5));
    expect(ratio.firing).toBe(true);
    ratio.run(360, every, () => [0, 0]);
    expect(ratio.firing).toBe(false);
  });

  test("a rate: a flood fires within two scrapes, ends within a minute and a half, and is found again", () => {
    const rate = new Subject(new CountsRate(OPTIONS), RATE_GATES);
    expect(rate.run(2 * HOUR, every, arrivals(10))).toBeUndefined();
    const before = rate.expected()!;
    for (let again = 0; again < 2; again++) {
      expect(rate.run(300, every, arrivals(100))).toBeLessThanOrEqual(Math.max(3, 2 * every));
      rate.run(90 + every, every, arrivals(10));
      expect(rate.firing).toBe(false);
      expect(rate.run(600, every, arrivals(10))).toBeUndefined();
    }
    expect(rate.expected()).toBeLessThan(1.5 * before);
  });

  test("a rate: bursts of 30 s every 150 s are its nature", () => {
    const rate = new Subject(new CountsRate(OPTIONS), RATE_GATES);
    let second = 0;
    const bursty = (): [number] => {
      let mean = 0;
      for (let i = 0; i < every; i++) mean += second++ % 150 < 30 ? 30 : 5;
      return [poisson(mean, random)];
    };
    rate.run(HOUR, every, bursty);
    expect(rate.run(2 * HOUR, every, bursty)).toBeUndefined();
  });

  test("a rate: a night is no drop and a morning that is six times busier no surge", () => {
    for (const gates of [RATE_GATES, DROP_GATES]) {
      const rate = new Subject(new CountsRate(OPTIONS), gates);
      // Up from 1 to 6 within three hours, down again within three.
      const height = (hour: number) => Math.min(1, Math.max(0, Math.min((hour - 6) / 3, (21 - hour) / 3)));
      const day = (second: number): [number] => [poisson(20 * 6 ** height((second / HOUR) % 24) * every, random)];
      expect(rate.run(DAY, Math.max(every, 15), (s) => [(day(s)[0] * Math.max(every, 15)) / every])).toBeUndefined();
    }
  });

  test("a rate that falls to nothing is a drop after a minute, and over when it comes back", () => {
    const rate = new Subject(new CountsRate(OPTIONS), DROP_GATES);
    expect(rate.run(2 * HOUR, every, arrivals(10))).toBeUndefined();
    const first = rate.run(240, every, () => [0]);
    expect(first).toBeGreaterThanOrEqual(Math.min(50, every));
    expect(first).toBeLessThanOrEqual(130);
    rate.run(150, every, arrivals(10));
    expect(rate.firing).toBe(false);
  });

  test("a mean: twice the time is found in minutes, and its end is", () => {
    const mean = new Subject(new LogMean(OPTIONS), MEAN_GATES);
    const takes = (micros: number) => (): [number, number] => {
      const total = poisson(10 * every, random);
      return [total * micros * (0.95 + 0.1 * random()), total];
    };
    expect(mean.run(2 * HOUR, every, takes(1000))).toBeUndefined();
    const before = mean.expected()!;
    expect(mean.run(600, every, takes(2000))).toBeLessThanOrEqual(Math.max(15, 2 * every));
    expect(mean.expected()).toBeLessThan(1.1 * before);
    mean.run(Math.max(60, 10 * every), every, takes(1000));
    expect(mean.firing).toBe(false);
  });

  test("a mean: an alarm ends when traffic stops", () => {
    const mean = new Subject(new LogMean(OPTIONS), MEAN_GATES);
    mean.run(HOUR, every, () => [1000 * 10 * every, 10 * every]);
    mean.run(300, every, () => [3000 * 10 * every, 10 * every]);
    expect(mean.firing).toBe(true);
    mean.run(600, every, () => [0, 0]);
    expect(mean.firing).toBe(false);
  });

  test("a backlog: two long looks of three fire, one does not", () => {
    const backlog = new Subject(new Backlog(OPTIONS), BACKLOG_GATES);
    backlog.run(HOUR, every, () => [0, 1]);
    expect(backlog.take(every, 200, 1)).toBe(false);
    expect(backlog.run(300, every, () => [0, 1])).toBeUndefined();
    expect(backlog.run(300, every, () => [200, 1])).toBe(2 * every);
    backlog.run(3 * every, every, () => [0, 1]);
    expect(backlog.firing).toBe(false);
  });

  test("a backlog tells of the second longest of three looks, and of as many as do not fire", () => {
    const backlog = new Subject(new Backlog(OPTIONS), BACKLOG_GATES);
    backlog.run(HOUR, every, () => [0, 1]);
    const told = () => backlog.detector.explain(backlog.row, BACKLOG_GATES, 0);
    backlog.take(every, 300, 1);
    expect(told().observed).toBe(0);
    backlog.take(every, 300, 1);
    backlog.take(every, 0, 1);
    expect(told()).toMatchObject({ observed: 300, numerator: 300 });
    const many = { ...BACKLOG_GATES, minimum: 400 };
    expect(backlog.detector.explain(backlog.row, many, 0).upper).toBe(399);
  });

  test("a gauge tells of its mean since the climb began, or of the newest value where a rule's condition decides", () => {
    const gauge = new Subject(new Gauge(OPTIONS), GATES);
    let n = 0;
    gauge.run(2 * DAY, every, () => [0.4 + 0.001 * (n++ % 3), 1]);
    expect(gauge.run(4 * HOUR, every, () => [0.435, 1])).toBeDefined();
    const { observed, upper, window, since } = gauge.detector.explain(gauge.row, GATES, 0);
    expect(observed).toBeCloseTo(0.435, 3);
    expect(upper).toBeLessThan(observed);
    expect(upper).toBeGreaterThan(0.41);
    expect(gauge.at - since! - 1000 * window).toBeLessThan(300_000 + 1000 * every);
    const strict = { ...GATES, above: 0.9 };
    gauge.take(every, 0.95, 1);
    expect(gauge.detector.explain(gauge.row, strict, 0)).toMatchObject({ observed: 0.95, upper: 0.9, window: 0 });
  });

  test("a gauge that leaks is found long before it is full", () => {
    const gauge = new Subject(new Gauge(OPTIONS), GATES);
    const noisy = (value: number): [number, number] => [value + 0.003 * (random() - 0.5), 1];
    expect(gauge.run(12 * HOUR, every, () => noisy(0.6))).toBeUndefined();
    const leak = (s: number) => noisy(0.6 + (0.3 * s) / (8 * HOUR));
    expect(gauge.run(8 * HOUR, every, leak)).toBeLessThan(3 * HOUR);
    const { since } = gauge.detector.explain(gauge.row, GATES, 0);
    expect(since).toBeGreaterThanOrEqual(MONDAY + 12 * HOUR * 1000);
    expect(since).toBeLessThan(MONDAY + 15 * HOUR * 1000);
  });
});

describe("what is adopted and what is forgiven", () => {
  test("after a day of alarm what was seen is normal", () => {
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    ratio.run(HOUR, 15, () => [0, 300]);
    ratio.run(HOUR, 15, () => [30, 300]);
    expect(ratio.firing).toBe(true);
    ratio.detector.adopt(ratio.row);
    ratio.firing = false;
    expect(ratio.expected()).toBeCloseTo(0.1, 2);
    expect(ratio.run(HOUR, 15, () => [30, 300])).toBeUndefined();
  });

  test("noise does not ratchet the base of a ratio down", () => {
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    const random = randomFrom(11);
    // Uneven, but 1 % in the long run.
    ratio.run(10 * DAY, 60, () => [poisson(600 * 0.01 * 2 * random(), random), 600]);
    expect(ratio.expected()).toBeGreaterThan(0.008);
    expect(ratio.expected()).toBeLessThan(0.012);
  });

  test("a ratio that climbs slowly drags its base along by no more than 15 % a day, and half a base at once", () => {
    const ratio = new Subject(new CountsRatio(OPTIONS), { ...RATIO_GATES, above: 1 });
    ratio.run(2 * DAY, 60, () => [6, 600]);
    const before = ratio.expected()!;
    ratio.run(2 * DAY, 60, (s) => [6 * (1 + s / DAY), 600]);
    expect(ratio.expected()).toBeLessThan(before * 1.3 * 1.15 ** 2);
  });

  test("for half a minute after a restart errors are no alarm; then they are", () => {
    const ratio = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
    ratio.run(HOUR, 5, () => [0, 100]);
    ratio.detector.settle(ratio.row, ratio.at);
    expect(ratio.run(300, 5, () => [50, 100])).toBe(30);
  });

  test("after a restart a new build may take a quarter longer, a swap may not take twice as long", () => {
    for (const [times, alarmed] of [
      [1.25, false],
      [2, true],
    ] as const) {
      const mean = new Subject(new LogMean(OPTIONS), MEAN_GATES);
      mean.run(6 * HOUR, 15, () => [1000 * 150, 150]);
      mean.detector.settle(mean.row, mean.at);
      expect(mean.run(HOUR, 15, () => [1000 * times * 150, 150]) !== undefined).toBe(alarmed);
    }
  });

  test("a load cuts the block that mixes two copies; the old baseline judges the new one", () => {
    const mean = new Subject(new LogMean(OPTIONS), MEAN_GATES);
    mean.run(HOUR, 15, () => [1000 * 150, 150]);
    mean.detector.cut(mean.row);
    expect(mean.expected()).toBeCloseTo(1000, 6);
    expect(mean.run(300, 15, () => [2000 * 150, 150])).toBeLessThanOrEqual(45);
  });

  test("a mean over few requests must be further off than one over many", () => {
    const random = randomFrom(5);
    const skewed = () => -Math.log(1 - random()) * 1000;
    const mean = new Subject(new LogMean(OPTIONS), MEAN_GATES);
    // Two requests a minute with an exponential time each: a single slow one is no shift.
    expect(mean.run(3 * DAY, 15, (s) => (s % 30 === 0 ? [skewed(), 1] : [0, 0]))).toBeUndefined();
  });

  test("a downward shift is found where a rule asks for it", () => {
    const mean = new Subject(new LogMean(OPTIONS), { ...MEAN_GATES, direction: "both" });
    mean.run(HOUR, 15, () => [8 * 150, 150]);
    expect(mean.run(600, 15, () => [2 * 150, 150])).toBeLessThanOrEqual(60);
  });

  test("an idle model that wakes up to a few requests is no surge", () => {
    const rate = new Subject(new CountsRate(OPTIONS), RATE_GATES);
    const random = randomFrom(2);
    rate.run(HOUR, 15, () => [poisson(0.05 * 15, random)]);
    expect(rate.run(6 * HOUR, 15, () => [0])).toBeUndefined();
    expect(rate.run(HOUR, 15, () => [poisson(0.5 * 15, random)])).toBeUndefined();
  });

  test.each([0.01, 1, 1e5])("a steady rate of %d a second is no alarm for a week", (perSecond) => {
    const random = randomFrom(9);
    const up = new Subject(new CountsRate(OPTIONS), { ...RATE_GATES, direction: "both" });
    expect(up.run(7 * DAY, 60, () => [poisson(perSecond * 60, random)])).toBeUndefined();
  });

  test("a gauge near its bound is no alarm where that is its nature", () => {
    const gauge = new Subject(new Gauge(OPTIONS), GATES);
    expect(gauge.run(DAY, 15, () => [0.98, 1])).toBeUndefined();
    const other = new Subject(new Gauge(OPTIONS), GATES);
    other.run(DAY, 15, () => [0.5, 1]);
    expect(other.take(15, 0.98, 1)).toBe(true);
  });
});
