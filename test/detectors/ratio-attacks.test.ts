import { describe, expect, test } from "vitest";
import { CountsRatio } from "../../src/detectors/counts-ratio.ts";
import type { Gates } from "../../src/detectors/detector.ts";
import { OPTIONS, poisson, RATIO_GATES, randomFrom, Subject } from "./subject.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const CREEP: Gates = { ...RATIO_GATES, against: "anchor" };

/** A subject with requests at a rate, scraped at a spacing, that fail as a share of the hour says. */
class Story {
  readonly subject = new Subject(new CountsRatio(OPTIONS), RATIO_GATES);
  readonly #random = randomFrom(11);
  readonly #rate: number;
  readonly #every: number;

  constructor(rate: number, every = 15) {
    this.#rate = rate;
    this.#every = every;
  }

  /** @returns the hour of the first alarm */
  run(hours: number, share: (hour: number) => number): number | undefined {
    const first = this.subject.run(hours * HOUR, this.#every, (second) => {
      const total = poisson(this.#rate * this.#every, this.#random);
      return [Math.min(total, poisson(total * share(second / HOUR), this.#random)), total];
    });
    return first === undefined ? undefined : first / HOUR;
  }

  creep(): number {
    return this.subject.detector.judge(this.subject.row, CREEP, 0);
  }

  /** The server restarts at a spacing for some hours. @returns the part of the scrapes after which an alarm was on */
  restarts(hours: number, spacing: number, share: number): number {
    const { subject } = this;
    const each = Math.round(spacing / this.#every);
    let on = 0;
    let scrapes = 0;
    for (let i = 1; i <= (hours * HOUR) / this.#every; i++) {
      // What lies across a restart is no reading.
      if (i % each === 0) {
        subject.at += this.#every * 1000;
        subject.detector.settle(subject.row, subject.at);
        continue;
      }
      const total = poisson(this.#rate * this.#every, this.#random);
      scrapes++;
      if (subject.take(this.#every, poisson(total * share, this.#random), total)) on++;
    }
    return on / scrapes;
  }
}

describe.each([3, 10, 100])("a newborn with %d requests a second is not led from healthy to failing:", (rate) => {
  test.each([
    ["ten points an hour from 1.5 %", (h: number) => 0.015 + h * 0.1, 6],
    ["e times an hour from 1.8 %", (h: number) => 0.018 * Math.exp(h), 3.5],
    ["twice an hour from 0.4 %", (h: number) => 0.004 * 2 ** h, 5],
    ["healthy for two hours, then e times an hour", (h: number) => (h < 2 ? 0.002 : 0.004 * Math.exp(h - 2)), 5.5],
    ["healthy for six hours, then e times an hour", (h: number) => (h < 6 ? 0.002 : 0.004 * Math.exp(h - 6)), 9.5],
  ])("%s", (_, share, before) => {
    expect(new Story(rate).run(12, (hour) => Math.min(0.9, share(hour)))).toBeLessThan(before);
  });
});

test.each([1, 60])("nor at one scrape every %d s", (every) => {
  expect(new Story(10, every).run(6, (hour) => Math.min(0.9, 0.004 * 2 ** hour))).toBeLessThan(5);
});

test("a healthy newborn whose nights fail half as much as its days is silent", () => {
  expect(new Story(10).run(48, (hour) => 0.005 * (1 + 0.33 * Math.sin((hour * Math.PI) / 12)))).toBeUndefined();
});

describe("a newborn that fails half of its requests from birth on", () => {
  const born = (sibling: number | undefined): Story => {
    const story = new Story(10);
    if (sibling === undefined) return story;
    const older = new Story(10, 60);
    older.run(48, () => sibling);
    story.subject.detector.inherit(story.subject.row, older.subject.detector.save(older.subject.row));
    return story;
  };

  test("is believed after an hour to be no worse than three times its sibling, or two in a hundred", () => {
    const { subject } = born(0.001);
    subject.run(0.99 * HOUR, 15, () => [12, 150]);
    expect(subject.expected()).toBeLessThanOrEqual(0.02);
    expect(born(0.01).run(1.2, () => 0.5)).toBeLessThan(0.1);
  });

  test("may fail three times what its sibling does", () => {
    const { subject } = born(0.018);
    subject.run(0.99 * HOUR, 15, () => [7, 150]);
    expect(subject.expected()).toBeGreaterThan(0.04);
  });
});

describe("a server that restarts again and again", () => {
  test.each([30, 45, 60, 120, 240])("every %d s hides nothing in it: half of all requests failing", (spacing) => {
    const story = new Story(10);
    story.run(48, () => 0.005);
    story.restarts(0.2, spacing, 0.5);
    expect(story.restarts(2, spacing, 0.5)).toBeGreaterThan(0.99);
  });

  test.each([60, 180])("every %d s does not end the alarm over three points more", (spacing) => {
    const story = new Story(10);
    story.run(48, () => 0.005);
    story.restarts(0.5, spacing, 0.035);
    expect(story.restarts(2, spacing, 0.035)).toBeGreaterThan(0.9);
  });

  test("fires for nothing else", () => {
    const story = new Story(10);
    story.run(48, () => 0.005);
    expect(story.restarts(12, 60, 0.005)).toBe(0);
  });

  test("is given time again ten minutes after the last one", () => {
    const story = new Story(50);
    story.run(24, () => 0.005);
    const settle = () => story.subject.detector.settle(story.subject.row, story.subject.at);
    settle();
    story.run(10 / 60, () => 0.005);
    settle();
    expect(story.run(175 / HOUR, () => 0.015)).toBeUndefined();
    story.run(6 / 60, () => 0.005);
    settle();
    expect(story.run(15 / HOUR, () => 0.5)).toBeDefined();
  });
});

describe("a slow climb", () => {
  test("of six hundredths a day from 2 % is told of before the ratio is 8 %", () => {
    const story = new Story(20, 300);
    story.run(9 * 24, () => 0.02);
    let told: number | undefined;
    for (let day = 0; day < 30; day++) {
      story.run(24, (hour) => 0.02 * Math.exp(0.06 * (day + hour / 24)));
      if (story.creep() >= 1) told ??= day + 1;
    }
    expect(told).toBeLessThan(23);
  });

  test.each([0.005, 0.03, 0.08])(
    "is not seen in a ratio of %d whose days differ by a fifth for twelve weeks",
    (ratio) => {
      const story = new Story(20, 300);
      const random = randomFrom(5);
      for (let day = 0; day < 84; day++) {
        const of = ratio * (0.7 + 0.6 * random());
        story.run(24, () => of);
        expect(story.creep()).toBeLessThan(1);
      }
    },
  );

  test("cannot begin in the first day: the reference starts with what held at one hour", () => {
    const story = new Story(20, 60);
    const { subject } = story;
    const steps = DAY / 60;
    for (let i = 0; i < steps * 1.1; i++) {
      // Every reading teaches, whatever it shows: no rule looks.
      const total = 1200;
      subject.at += 60_000;
      const reading = { at: subject.at, seconds: 60, numerator: i < 70 ? 2 : 120, denominator: total };
      subject.detector.advance(subject.row, reading);
      subject.detector.learn(subject.row, reading);
    }
    expect(story.creep()).toBeGreaterThanOrEqual(1);
  });
});
