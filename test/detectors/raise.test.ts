import { describe, expect, test } from "vitest";
import type { Detector, Gates } from "../../src/detectors/detector.ts";
import { MOST } from "../../src/rules/noise.ts";
import type { Reading } from "../../src/series/reading.ts";
import { GATES, MONDAY, REGISTRY } from "./subject.ts";

const SECONDS = 15;
const A_DAY = 86_400 / SECONDS;
const EIGHT_HOURS = A_DAY / 3;

/** What a subject shows when all is well, and under an attack nobody could overlook. */
const SHOWN: Readonly<Record<string, { readonly usual: Shown; readonly attack: Shown }>> = {
  "counts of a ratio": { usual: (i) => [1 + (i % 3), 300], attack: () => [180, 300] },
  "counts of a rate": { usual: (i) => [300 + 10 * (i % 7), SECONDS], attack: () => [9_000, SECONDS] },
  "log-mean of a mean": { usual: (i) => [300 * (2_000 + 20 * (i % 9)), 300], attack: () => [300 * 8_000, 300] },
  "backlog of a level": { usual: (i) => [i % 3, 1], attack: () => [300, 1] },
  "gauge of a level": { usual: (i) => [0.3 + 0.01 * (i % 3), 1], attack: () => [0.9, 1] },
};

type Shown = (i: number) => readonly [numerator: number, denominator: number];

/** A detector that learned for two days, and what its subject shows from then on. */
class Learned {
  readonly row: number;
  readonly detector: Detector;
  readonly shown: { readonly usual: Shown; readonly attack: Shown };
  #i = 0;

  constructor(detector: Detector, shown: Learned["shown"]) {
    this.detector = detector;
    this.shown = shown;
    this.row = detector.add();
    for (let i = 0; i < 2 * A_DAY; i++) detector.learn(this.row, this.#advance(shown.usual));
  }

  /** Whether it fires with thresholds so much higher, within eight hours of the attack. */
  fires(raise: number, gates: Gates = GATES): boolean {
    for (let i = 0; i < EIGHT_HOURS; i++) {
      const reading = this.#advance(this.shown.attack);
      if (this.detector.judge(this.row, gates, raise) >= 1) return true;
      this.detector.distrust(this.row, reading);
    }
    return false;
  }

  #advance(shown: Shown): Reading {
    const [numerator, denominator] = shown(this.#i++);
    const reading = { at: MONDAY + this.#i * SECONDS * 1000, seconds: SECONDS, numerator, denominator };
    this.detector.advance(this.row, reading);
    return reading;
  }
}

describe.each(REGISTRY.filter(({ title }) => SHOWN[title]))("$title, with thresholds raised", ({ title, make }) => {
  test("by the most that noise can bring about still sees an attack nobody could overlook", () => {
    expect(new Learned(make(), SHOWN[title]!).fires(MOST)).toBe(true);
  });

  test("by more and more scores less and less", () => {
    const { detector, row } = attacked(make, title);
    const scores = [0, 0.5, 2, 8, 32].map((raise) => detector.judge(row, GATES, raise));
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores[0]).toBeGreaterThan(scores[4]!);
  });

  test("says so in what it explains", () => {
    const { detector, row } = attacked(make, title);
    const [own, raised] = [0, 4].map((raise) => detector.explain(row, GATES, raise).threshold);
    expect(raised).toBeCloseTo(own! + 4, 6);
  });
});

function attacked(make: () => Detector, title: string): Learned {
  const learned = new Learned(make(), SHOWN[title]!);
  learned.fires(0);
  return learned;
}

test("a mean that is raised as far as noise can raise it still finds a shift by 1.6 that lasts", () => {
  const mean = REGISTRY.find(({ title }) => title === "log-mean of a mean")!;
  const { usual } = SHOWN[mean.title]!;
  const shifted: Shown = (i) => [1.6 * usual(i)[0], usual(i)[1]];
  expect(new Learned(mean.make(), { usual, attack: shifted }).fires(MOST)).toBe(true);
});

const SIDES = ["up", "down", "both"] as const;

test.each(REGISTRY)("$title says which tests it has, and none that fires at less than it says", ({ make, title }) => {
  for (const direction of SIDES) {
    for (const { window, threshold } of make().tests({ against: "baseline", direction })) {
      expect(window).toBeGreaterThanOrEqual(0);
      expect(threshold).toBeGreaterThan(0);
    }
  }
  if (!SHOWN[title]) return;
  const { detector, row } = attacked(make, title);
  const least = Math.min(...detector.tests(GATES).map(({ threshold }) => threshold));
  expect(detector.explain(row, GATES, 0).threshold).toBeGreaterThanOrEqual(least - 1e-9);
});

test.each(REGISTRY)("$title has no test on a side where nothing fires", ({ make, title }) => {
  for (const gates of SIDES.flatMap((direction) => [
    { ...GATES, direction },
    { ...GATES, direction, against: "anchor" as const },
  ])) {
    const detector = make();
    if (!SHOWN[title] || detector.tests(gates).length > 0) continue;
    const { usual, attack } = SHOWN[title];
    expect(new Learned(detector, { usual, attack }).fires(0, gates)).toBe(false);
    expect(new Learned(make(), { usual, attack: () => [0, usual(0)[1]] }).fires(0, gates)).toBe(false);
  }
});

test("against the slow reference, counts have the one test of it; a drop is one test too", () => {
  const [ratio, rate] = ["ratio", "rate"].map((kind) =>
    REGISTRY.find(({ title }) => title === `counts of a ${kind}`)!.make(),
  );
  const anchor = { against: "anchor", direction: "up" } as const;
  expect(ratio!.tests(anchor)).toEqual([{ name: "a day against the slow reference", window: 43_200, threshold: 8 }]);
  expect(rate!.tests(anchor)).toEqual([
    { name: "6h level against its slow reference", window: 21_600, threshold: expect.any(Number) },
  ]);
  const down = rate!.tests({ against: "baseline", direction: "down" });
  expect(down).toEqual([{ name: "drop of a minute", window: 60, threshold: expect.any(Number) }]);
  const up = rate!.tests({ against: "baseline", direction: "up" });
  expect(rate!.tests({ against: "baseline", direction: "both" })).toEqual([...up, ...down]);
});
