import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Gates } from "../../src/detectors/detector.ts";
import type { Reading } from "../../src/series/reading.ts";
import {
  BACKLOG_GATES,
  GATES,
  MEAN_GATES,
  MONDAY,
  poisson,
  RATE_GATES,
  RATIO_GATES,
  REGISTRY,
  randomFrom,
  Subject,
} from "./subject.ts";

const DIRECTIONS = ["up", "down", "both"] as const;
const gatesOf = (direction: Gates["direction"]): Gates => ({ ...GATES, direction });

interface Step extends Reading {
  readonly teach: boolean;
}

/** What a reading may hold: idle, ordinary, counters of 1e15, and as much as signals let through. */
const counts = fc.oneof(
  fc.constantFrom(0, 1e-300, 1, 1e15, 2 ** 53, 2 ** 64),
  fc.nat(1000),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
);
const seconds = fc.oneof(
  fc.constantFrom(0.001, 1, 5, 15, 60, 86_400),
  fc.double({ min: 0.001, max: 600, noNaN: true }),
);

const hostile = (signal: string) =>
  fc.array(
    fc.record({
      seconds,
      numerator: counts,
      // Levels are divided by a bound, which is not 0; a rate by its seconds.
      denominator: signal === "ratio" || signal === "mean" ? counts : fc.constantFrom(1, 5, 1e12, 1e-12),
      teach: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  );

const ordinary = fc.array(
  fc.record({
    seconds: fc.constantFrom(1, 5, 15, 60),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    teach: fc.boolean(),
  }),
  { minLength: 30, maxLength: 120 },
);

/** The conditions of packaged rules, and those of detectors that any rule may use. */
const RULED: Readonly<Record<string, Partial<Gates>>> = {
  "counts of a ratio": RATIO_GATES,
  "counts of a rate": RATE_GATES,
  "log-mean of a mean": MEAN_GATES,
  "backlog of a level": BACKLOG_GATES,
  "gauge of a level": { times: 1.05 },
  "threshold of a ratio": { above: 0.05, below: 0.001, minimum: 5 },
  "threshold of a rate": { above: 30, below: 5, minimum: 5 },
  "threshold of a mean": { above: 2000, below: 500, minimum: 5 },
  "threshold of a level": { above: 0.6, below: 0.1, minimum: 0 },
};

/** What a subject shows: its traffic, quiet for a while, then in phases of so many times what is normal. */
const story = fc.record({
  seed: fc.nat(1e6),
  every: fc.constantFrom(1, 5, 15, 60, 300),
  rate: fc.constantFrom(0.3, 5, 50),
  quiet: fc.integer({ min: 20, max: 1500 }),
  phases: fc.array(
    fc.record({
      times: fc.constantFrom(0, 0.05, 0.5, 1, 1.3, 1.6, 3, 8, 30),
      scrapes: fc.integer({ min: 1, max: 200 }),
    }),
    { minLength: 1, maxLength: 10 },
  ),
});

/** Puts steps on a clock. */
function timed<T extends { seconds: number }>(steps: readonly T[]): (T & { at: number })[] {
  let at = MONDAY;
  return steps.map((step) => {
    at += step.seconds * 1000;
    return { ...step, at };
  });
}

const asReadings = (steps: readonly { seconds: number; share: number; teach: boolean }[]): Step[] =>
  timed(steps).map((step) => ({ ...step, numerator: step.share * 100, denominator: 100 }));

describe.each(REGISTRY)("$title", ({ title, make, signal }) => {
  const take = (detector: ReturnType<typeof make>, row: number, step: Step): number[] => {
    const scores = [detector.advance(row, step), ...DIRECTIONS.map((d) => detector.judge(row, gatesOf(d), 0))];
    if (step.teach) detector.learn(row, step);
    else detector.distrust(row, step);
    return scores;
  };

  test("a score is finite and not negative, whatever a page shows", () => {
    fc.assert(
      fc.property(hostile(signal), (steps) => {
        const detector = make();
        const row = detector.add();
        for (const step of timed(steps)) {
          for (const score of take(detector, row, step)) {
            expect(Number.isFinite(score)).toBe(true);
            expect(score).toBeGreaterThanOrEqual(0);
          }
          expect(detector.explain(row, GATES, 0).expected).not.toBeNaN();
        }
        detector.adopt(row);
        expect(detector.explain(row, GATES, 0).expected).not.toBeNaN();
      }),
      { numRuns: 300 },
    );
  });

  test("saved and loaded, it goes on bit for bit", () => {
    fc.assert(
      fc.property(ordinary, fc.nat(100), (steps, cut) => {
        const [a, b] = [make(), make()];
        b.add();
        const [rowA, rowB] = [a.add(), b.add()];
        asReadings(steps).forEach((step, i) => {
          if (i === cut % steps.length) b.load(rowB, a.save(rowA));
          const scores = take(a, rowA, step);
          if (i >= cut % steps.length) expect(take(b, rowB, step)).toEqual(scores);
        });
        expect(b.save(rowB)).toEqual(a.save(rowA));
        expect(b.explain(rowB, GATES, 0)).toEqual(a.explain(rowA, GATES, 0));
      }),
      { numRuns: 50 },
    );
  });

  test("advancing teaches nothing", () => {
    fc.assert(
      fc.property(ordinary, ordinary, (taught, seen) => {
        const detector = make();
        const row = detector.add();
        for (const step of asReadings(taught)) take(detector, row, { ...step, teach: true });
        const last = asReadings(taught).at(-1)!;
        const before = detector.explain(row, GATES, 0).expected;
        // The same instant all over: what is expected may depend on the time of day.
        for (const step of asReadings(seen)) detector.advance(row, { ...step, at: last.at });
        expect(detector.explain(row, GATES, 0).expected).toBe(before);
      }),
      { numRuns: 50 },
    );
  });

  test("it is silent before it is armed, but for a ratio, whose prior judges", () => {
    fc.assert(
      fc.property(ordinary, (steps) => {
        const detector = make();
        const row = detector.add();
        for (const step of asReadings(steps)) {
          const scores = take(detector, row, step);
          if (signal !== "ratio" && detector.learning(row)) expect(Math.max(...scores)).toBe(0);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("a row knows nothing of its neighbours", () => {
    fc.assert(
      fc.property(ordinary, ordinary, (mine, theirs) => {
        const [alone, together] = [make(), make()];
        const rowAlone = alone.add();
        const rows = Array.from({ length: 20 }, () => together.add());
        const others = asReadings(theirs);
        asReadings(mine).forEach((step, i) => {
          const other = others[i % others.length]!;
          take(together, rows[i % 10]!, { ...other, at: step.at });
          expect(take(together, rows[15]!, step)).toEqual(take(alone, rowAlone, step));
        });
      }),
      { numRuns: 30 },
    );
  });

  test("a row given back and given out again starts fresh", () => {
    fc.assert(
      fc.property(ordinary, (steps) => {
        const detector = make();
        const [first, unused] = [detector.add(), detector.add()];
        for (const step of asReadings(steps)) take(detector, first, step);
        detector.settle(first, MONDAY);
        detector.remove(first);
        const again = detector.add();
        expect(again).toBe(first);
        expect(detector.save(again)).toEqual(detector.save(unused));
      }),
      { numRuns: 20 },
    );
  });

  test.each(DIRECTIONS)("what fires %s lies outside of the band it is explained with", (direction) => {
    fc.assert(
      fc.property(story, fc.boolean(), fc.constantFrom(0, 5), ({ seed, every, rate, quiet, phases }, bare, raise) => {
        const gates = { ...GATES, ...((!bare || title.startsWith("threshold")) && RULED[title]), direction };
        const random = randomFrom(seed);
        const subject = new Subject(make(), gates);
        const { detector, row } = subject;
        subject.onJudged = () => {
          if (detector.judge(row, gates, raise) < 1) return;
          const { observed, lower, upper } = detector.explain(row, gates, raise);
          // What would not have fired is what begins no alarm: a mean that stands in one is held against less.
          if (subject.firing && title === "log-mean of a mean") return;
          // Where an envelope's fast mean lies outside by itself no value is inside, and no band is stated.
          if (title.startsWith("envelope") && lower === undefined && upper === undefined) return;
          const outside = (upper !== undefined && observed > upper) || (lower !== undefined && observed < lower);
          expect(outside, `${observed} in [${lower}, ${upper}]`).toBe(true);
        };
        for (const { times, scrapes } of [{ times: 1, scrapes: quiet }, ...phases]) {
          for (let i = 0; i < scrapes; i++) {
            const seconds = every * (0.9 + 0.2 * random());
            subject.take(seconds, ...shown(title, rate * seconds, times, seconds, random));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("a row takes no more than 1 kB", () => {
    expect(make().bytesPerRow).toBeLessThanOrEqual(1024);
  });
});

/** A reading of a kind of signal: so many events are normal, so many times what is normal comes. */
function shown(
  title: string,
  events: number,
  times: number,
  seconds: number,
  random: () => number,
): readonly [numerator: number, denominator: number] {
  if (title.endsWith("rate")) return [poisson(events * times, random), seconds];
  const total = poisson(events, random);
  if (title.endsWith("ratio")) return [Math.min(total, poisson(total * 0.004 * times, random)), total];
  if (title.endsWith("mean")) return [total * 1000 * times * (0.9 + 0.2 * random()), total];
  if (title.startsWith("backlog")) return [poisson(2 * times, random), 1];
  return [Math.min(1, Math.max(0, 0.4 + 0.02 * (times - 1) + 0.01 * random())), 1];
}
