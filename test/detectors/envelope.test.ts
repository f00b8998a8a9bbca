import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Gates } from "../../src/detectors/detector.ts";
import { makeDetector } from "../../src/detectors/index.ts";
import { GATES, MONDAY, OPTIONS, poisson, randomFrom, Subject } from "./subject.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const BOTH: Gates = { ...GATES, direction: "both" };
const FORTNIGHT = { ...OPTIONS, halfLife: 14 * DAY };

type Kind = "ratio" | "rate" | "mean" | "level";
const subject = (kind: Kind = "level", gates = BOTH): Subject =>
  new Subject(makeDetector("envelope", kind, FORTNIGHT), gates);

/** A temperature around 60 that follows the day by 10 and scatters by 1. */
function temperature(seed: number) {
  const random = randomFrom(seed);
  return (second: number, more = 0): [number, number] => {
    const day = 10 * Math.sin((2 * Math.PI * second) / DAY);
    return [60 + day + more + (random() + random() + random() - 1.5), 1];
  };
}

describe.each([1, 15, 60])("an envelope at one scrape every %d s", (every) => {
  test("is silent over days that look alike, fires at what was never seen, and is calm when that is over", () => {
    const heat = subject();
    const read = temperature(every);
    heat.run(DAY, every, (second) => read(second));
    expect(heat.run(2 * DAY, every, (second) => read(second))).toBeUndefined();
    const { upper, lower } = heat.detector.explain(heat.row, BOTH, 0);
    expect(upper).toBeGreaterThan(61.5);
    expect(lower).toBeLessThan(58.5);
    expect(heat.run(600, every, (second) => read(second, 60))).toBeLessThanOrEqual(Math.max(30, every));
    expect(heat.firing).toBe(true);
    expect(heat.detector.explain(heat.row, BOTH, 0).since).toBeLessThanOrEqual(heat.at);
    heat.run(900, every, (second) => read(second));
    expect(heat.firing).toBe(false);
  });

  test("finds a fall as it finds a rise", () => {
    const heat = subject();
    const read = temperature(every);
    heat.run(DAY, every, (second) => read(second));
    expect(heat.run(600, every, (second) => read(second, -60))).toBeLessThanOrEqual(Math.max(30, every));
  });
});

test("a level that is usual at noon is found at midnight", () => {
  const heat = subject();
  const random = randomFrom(3);
  const read = (second: number): [number, number] => [60 - 20 * Math.cos((2 * Math.PI * second) / DAY) + random(), 1];
  heat.run(5 * DAY, 60, read);
  expect(heat.firing).toBe(false);
  expect(heat.run(600, 60, () => read(DAY / 2))).toBeLessThanOrEqual(300);
  expect(heat.detector.explain(heat.row, BOTH, 0).test).toMatch(/above slow mean|above its hour of day/);
});

test("the band is where the score crosses 1: just inside is calm, just outside fires", () => {
  for (const direction of ["up", "down"] as const) {
    const gates = { ...GATES, direction };
    const told = (value?: number): { score: number; edge: number } => {
      const heat = subject("level", gates);
      const read = temperature(5);
      heat.run(2 * DAY, 60, (second) => read(second));
      // The band is that of the instant judged: the next reading, at its value or where it is asked for.
      heat.at += 60_000;
      const reading = { at: heat.at, seconds: 60, numerator: value ?? 60, denominator: 1 };
      heat.detector.advance(heat.row, reading);
      const { lower, upper } = heat.detector.explain(heat.row, gates, 0);
      return { score: heat.detector.judge(heat.row, gates, 0), edge: (direction === "up" ? upper : lower)! };
    };
    const { edge } = told();
    const [inside, outside] = direction === "up" ? [edge - 1e-3, edge + 1e-3] : [edge + 1e-3, edge - 1e-3];
    expect(told(inside).score).toBeLessThan(1);
    expect(told(outside).score).toBeGreaterThanOrEqual(1);
    expect(told(outside).score).toBeCloseTo(1, 2);
  }
});

test("a raise of eight nats asks for twice the boundary and one more half; evidence and threshold say so in nats", () => {
  const heat = subject();
  const read = temperature(7);
  heat.run(2 * DAY, 60, (second) => read(second));
  heat.take(60, 100, 1);
  const { detector, row } = heat;
  expect(detector.judge(row, BOTH, 8)).toBeCloseTo(detector.judge(row, BOTH, 0) / 3, 9);
  const plain = detector.explain(row, BOTH, 0);
  const raised = detector.explain(row, BOTH, 8);
  expect(raised.threshold).toBe(plain.threshold + 8);
  expect(raised.evidence).toBe(plain.evidence);
  expect(raised.upper).toBeGreaterThan(plain.upper!);
  for (const nats of [0, 2, 8, 20]) {
    const { evidence, threshold } = detector.explain(row, BOTH, nats);
    expect(evidence >= threshold).toBe(detector.judge(row, BOTH, nats) >= 1);
  }
});

test("until a single view could fire it learns, and is silent whatever comes", () => {
  const heat = subject();
  const read = temperature(8);
  heat.run(4 * HOUR, 15, (second) => read(second));
  expect(heat.detector.learning(heat.row)).toBe(true);
  expect(heat.detector.readiness(heat.row).seconds).toBeGreaterThan(4 * HOUR);
  expect(heat.run(600, 15, () => [1e9, 1])).toBeUndefined();
  heat.run(6 * HOUR, 15, (second) => read(second));
  expect(heat.detector.learning(heat.row)).toBe(false);
  expect(heat.detector.readiness(heat.row)).toEqual({ seconds: 0, scrapes: 0, events: 0 });
});

test("a value that never changed has no width: the first change fires", () => {
  const flag = subject();
  flag.run(DAY, 60, () => [0, 1]);
  expect(flag.take(60, 1, 1)).toBe(true);
});

test("a climb in small steps widens a learned envelope by no more than its width in a day", () => {
  const slow = subject();
  const read = temperature(9);
  slow.run(2 * DAY, 60, (second) => read(second));
  const { lower, upper } = slow.detector.explain(slow.row, BOTH, 0);
  const fired = slow.run(DAY, 60, (second) => read(second, (second / DAY) * 20 * (upper! - lower!)));
  expect(fired).toBeLessThan(DAY / 4);
});

test("one wild value is an alarm of minutes, however wild it was", () => {
  const heat = subject();
  const read = temperature(15);
  heat.run(2 * DAY, 15, (second) => read(second));
  expect(heat.take(15, 2 ** 64, 1)).toBe(true);
  heat.run(900, 15, (second) => read(second));
  expect(heat.firing).toBe(false);
});

test("what was adopted after a lasting alarm is normal, and so is what was before", () => {
  const heat = subject();
  const read = temperature(10);
  heat.run(2 * DAY, 60, (second) => read(second));
  heat.run(DAY, 60, (second) => read(second, 80));
  expect(heat.firing).toBe(true);
  heat.detector.adopt(heat.row);
  heat.firing = false;
  heat.detector.calm(heat.row);
  expect(heat.run(DAY, 60, (second) => read(second, 80))).toBeUndefined();
});

test("what comes while a process starts is not judged and widens the envelope", () => {
  const heat = subject();
  const read = temperature(11);
  heat.run(2 * DAY, 60, (second) => read(second));
  heat.detector.settle(heat.row, heat.at);
  expect(heat.run(120, 60, () => [0, 1])).toBeUndefined();
  heat.run(600, 60, (second) => read(second));
  expect(heat.take(60, 0, 1)).toBe(false);
});

test("values of counters wait for twenty events, of quiet subjects for five minutes", () => {
  const errors = subject("ratio");
  const random = randomFrom(12);
  errors.run(2 * DAY, 15, () => {
    const total = poisson(3, random);
    return [poisson(0.02 * total, random), total];
  });
  const spans: number[] = [];
  for (let i = 0; i < 40; i++) {
    errors.take(15, 0, 3);
    spans.push(errors.detector.explain(errors.row, BOTH, 0).denominator);
  }
  expect(Math.min(...spans.slice(10))).toBeGreaterThanOrEqual(20);
  const idle = subject("mean");
  idle.run(HOUR, 15, (second) => [second % 600 === 0 ? 5 : 0, second % 600 === 0 ? 1 : 0]);
  expect(idle.detector.explain(idle.row, BOTH, 0)).toMatchObject({ observed: 5, denominator: 1 });
});

test("a rule's conditions hold as well", () => {
  const read = temperature(13);
  const heat = subject("level", { ...GATES, above: 200 });
  heat.run(2 * DAY, 60, (second) => read(second));
  expect(heat.run(300, 60, (second) => read(second, 100))).toBeUndefined();
  expect(heat.detector.explain(heat.row, heat.gates, 0).upper).toBe(200);
  const thrice = subject("level", { ...GATES, times: 5 });
  thrice.run(2 * DAY, 60, (second) => read(second));
  expect(thrice.run(300, 60, (second) => read(second, 100))).toBeUndefined();
  expect(thrice.run(300, 60, () => [1000, 1])).toBeDefined();
  expect(thrice.detector.judge(thrice.row, { ...GATES, minimum: 2000 }, 0)).toBe(0);
});

test("the profile follows the place's own hours", () => {
  const shifted = makeDetector("envelope", "level", { ...FORTNIGHT, offset: () => 12 * HOUR * 1000 });
  const here = new Subject(makeDetector("envelope", "level", FORTNIGHT), BOTH, MONDAY);
  const there = new Subject(shifted, BOTH, MONDAY - 12 * HOUR * 1000);
  const read = (second: number): [number, number] => [50 + 20 * Math.sin((2 * Math.PI * second) / DAY), 1];
  here.run(3 * DAY, 300, read);
  there.run(3 * DAY, 300, read);
  expect(there.detector.explain(there.row, BOTH, 0)).toEqual(here.detector.explain(here.row, BOTH, 0));
});

describe("laws of an envelope that judges", () => {
  /** A row that learned for a day, at an instant. */
  const grown = () => {
    const heat = subject();
    const read = temperature(14);
    heat.run(DAY, 100, (second) => read(second));
    expect(heat.detector.learning(heat.row)).toBe(false);
    return heat;
  };
  const readings = fc.array(
    fc.record({
      seconds: fc.constantFrom(1, 15, 60, 3600),
      numerator: fc.oneof(fc.constantFrom(0, -1e9, 2 ** 64, 1e-300), fc.double({ min: 40, max: 90, noNaN: true })),
      denominator: fc.constantFrom(1, 1, 1, 1e-12),
      teach: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  );

  test("its scores are finite and its band has its edges in order, whatever a page shows", () => {
    fc.assert(
      fc.property(readings, (steps) => {
        const { detector, row, ...heat } = grown();
        let { at } = heat;
        for (const step of steps) {
          at += step.seconds * 1000;
          const reading = { at, ...step };
          for (const score of [detector.advance(row, reading), detector.judge(row, BOTH, 3)]) {
            expect(Number.isFinite(score)).toBe(true);
            expect(score).toBeGreaterThanOrEqual(0);
          }
          const { lower, upper, expected } = detector.explain(row, BOTH, 0);
          expect(expected).not.toBeNaN();
          if (lower !== undefined && upper !== undefined) expect(lower).toBeLessThanOrEqual(upper);
          if (step.teach) detector.learn(row, reading);
          else detector.distrust(row, reading);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("saved and loaded it goes on bit for bit, and advancing does not move what it expects", () => {
    fc.assert(
      fc.property(readings, (steps) => {
        const { detector, row, at } = grown();
        const other = makeDetector("envelope", "level", FORTNIGHT);
        const twin = other.add();
        other.load(twin, detector.save(row));
        const before = detector.explain(row, BOTH, 0).expected;
        let time = at;
        for (const step of steps) {
          time += step.seconds * 1000;
          const reading = { at: time, ...step };
          expect(other.advance(twin, reading)).toBe(detector.advance(row, reading));
          expect(detector.explain(row, BOTH, 0).expected).toBe(before);
        }
        expect(other.save(twin)).toEqual(detector.save(row));
      }),
      { numRuns: 30 },
    );
  });
});
