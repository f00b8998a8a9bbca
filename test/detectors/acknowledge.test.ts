import { describe, expect, test } from "vitest";
import { CountsRate } from "../../src/detectors/counts-rate.ts";
import { CountsRatio } from "../../src/detectors/counts-ratio.ts";
import type { Gates } from "../../src/detectors/detector.ts";
import { OPTIONS, poisson, RATE_GATES, RATIO_GATES, randomFrom, Subject } from "./subject.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const EVERY = 60;

/** A subject whose ratio or rate climbs until its Creep rule fires. */
class Climb {
  readonly subject: Subject;
  /** How far from where it began. */
  times = 1;
  readonly #gates: Gates;
  readonly #take: (times: number) => [number, number];

  constructor(subject: Subject, times: number, take: (times: number) => [number, number]) {
    this.subject = subject;
    this.#gates = { ...subject.gates, against: "anchor", lasting: { ...subject.gates.lasting, times } };
    this.#take = take;
  }

  get fires(): boolean {
    return this.subject.detector.judge(this.subject.row, this.#gates, 0) >= 1;
  }

  /** @returns the days after which it first fired */
  run(days: number, aDay = 1): number | undefined {
    for (let s = EVERY; s <= days * DAY; s += EVERY) {
      this.times *= aDay ** (EVERY / DAY);
      this.subject.take(EVERY, ...this.#take(this.times));
      if (this.fires) return s / DAY;
    }
    return undefined;
  }
}

function ratio(): Climb {
  const random = randomFrom(3);
  return new Climb(new Subject(new CountsRatio(OPTIONS), RATIO_GATES), 1.3, (times) => {
    const total = poisson(20 * EVERY, random);
    return [poisson(total * 0.01 * times, random), total];
  });
}

function rate(): Climb {
  const random = randomFrom(4);
  return new Climb(new Subject(new CountsRate(OPTIONS), RATE_GATES), 1.4, (times) => [
    poisson(20 * EVERY * times, random),
    EVERY,
  ]);
}

describe.each([
  ["an error ratio", ratio, 2, 3],
  ["a request rate", rate, 8, 5],
])("%s that climbed for days and stays there", (_, make, known, stays) => {
  const climb = make();

  test("is told", () => {
    expect(climb.run(known)).toBeUndefined();
    expect(climb.run(14, 1.15)).toBeGreaterThan(0.5);
  });

  test("is no alarm once it was called normal, from then on", () => {
    expect(climb.fires).toBe(true);
    climb.subject.detector.acknowledge(climb.subject.row);
    expect(climb.fires).toBe(false);
    expect(climb.run(stays)).toBeUndefined();
  });

  test("is told again when it climbs on", () => {
    const before = climb.times;
    expect(climb.run(14, 1.15)).toBeGreaterThan(0.5);
    expect(climb.times / before).toBeLessThan(3);
  });
});

test.each([ratio, rate])("what an acknowledgement did to the reference can be taken back", (make) => {
  const climb = make();
  climb.run(9);
  expect(climb.run(14, 1.15)).toBeGreaterThan(0.5);
  const { detector, row } = climb.subject;
  const before = detector.save(row);
  const reference = detector.acknowledge(row);
  expect(detector.save(row)).not.toEqual(before);
  detector.recall(row, reference!);
  expect(detector.save(row)).toEqual(before);
  expect(climb.fires).toBe(true);
});

test("who is called normal while far below its reference keeps it", () => {
  for (const climb of [ratio(), rate()]) {
    climb.run(9);
    climb.run(1, 0.3);
    const before = climb.subject.detector.save(climb.subject.row);
    climb.subject.detector.acknowledge(climb.subject.row);
    expect(climb.subject.detector.save(climb.subject.row)).toEqual(before);
  }
});
