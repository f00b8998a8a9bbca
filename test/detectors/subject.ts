import type { Detector, DetectorOptions, Gates } from "../../src/detectors/detector.ts";
import { DETECTORS, makeDetector } from "../../src/detectors/index.ts";
import type { Reading } from "../../src/series/reading.ts";

export const OPTIONS: DetectorOptions = { halfLife: 3 * 86_400, season: true, offset: () => 0 };

/** A Monday, so that a test's first days are working days. */
export const MONDAY = Date.UTC(2026, 0, 5);

export const GATES: Gates = {
  direction: "up",
  minimum: 0,
  above: 0,
  times: 1,
  lasting: { above: 0, times: 1 },
  against: "baseline",
  widen: 2,
  learningAbove: 0.1,
};
export const RATIO_GATES: Gates = {
  ...GATES,
  minimum: 5,
  above: 0.02,
  times: 2.5,
  lasting: { above: 0.003, times: 1.3 },
};
export const RATE_GATES: Gates = { ...GATES, minimum: 30, above: 2, times: 3, lasting: { above: 2, times: 1.8 } };
export const DROP_GATES: Gates = { ...GATES, direction: "down", times: 3 };
export const MEAN_GATES: Gates = { ...GATES, times: 1.4 };
export const BACKLOG_GATES: Gates = { ...GATES, minimum: 4 };

type SignalKind = "ratio" | "rate" | "mean" | "level";

/** Every detector with every signal it can judge. */
export const REGISTRY = Object.entries(DETECTORS).flatMap(([name, makers]) =>
  Object.keys(makers).map((signal) => ({
    title: `${name} of a ${signal}`,
    make: () => makeDetector(name as keyof typeof DETECTORS, signal as SignalKind, OPTIONS),
    signal: signal as SignalKind,
  })),
);

/** One row of a detector under one rule's conditions, driven as a watch and a judge drive it. */
export class Subject {
  readonly detector: Detector;
  readonly row: number;
  readonly gates: Gates;
  at: number;
  firing = false;
  /** Called when a reading was judged and nothing came of it yet. */
  onJudged: () => void = () => {};

  constructor(detector: Detector, gates: Gates, start = MONDAY) {
    this.detector = detector;
    this.row = detector.add();
    this.gates = gates;
    this.at = start;
  }

  /** Takes one reading. @returns whether the subject is anomalous after it */
  take(seconds: number, numerator: number, denominator = seconds): boolean {
    this.at += seconds * 1000;
    const reading: Reading = { at: this.at, seconds, numerator, denominator };
    const bare = this.detector.advance(this.row, reading);
    const score = this.detector.judge(this.row, this.gates, 0);
    this.onJudged();
    const was = this.firing;
    this.firing = score >= (was ? 0.5 : 1);
    if (this.firing && !was) this.detector.alarm(this.row);
    if (!this.firing && was) this.detector.calm(this.row);
    if (this.firing || (bare > 0.7 && !this.detector.learning(this.row))) this.detector.distrust(this.row, reading);
    else this.detector.learn(this.row, reading);
    return this.firing;
  }

  /** Takes readings for a time. @returns how many seconds passed until it was first anomalous; undefined if never */
  run(seconds: number, every: number, read: (second: number) => readonly [numerator: number, denominator?: number]) {
    let first: number | undefined;
    for (let s = every; s <= seconds; s += every) {
      const [numerator, denominator] = read(s);
      if (this.take(every, numerator, denominator)) first ??= s;
    }
    return first;
  }

  expected(): number | undefined {
    return this.detector.explain(this.row, this.gates, 0).expected;
  }
}

/** Random numbers in [0, 1) from a seed, so that a story goes the same way every time. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A standard normal value (Box and Muller). */
export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A Poisson count: by multiplication where the mean is small, else by the normal approximation. */
export function poisson(mean: number, random: () => number): number {
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}
