// What a detector costs: nanoseconds a sample (advance, judge and learn of one subject) and bytes a subject, over a bank of
// many subjects so that memory does not all lie in the nearest cache.
//   npm run bench:detectors            [SUBJECTS=300] [ROUNDS=7]

import { DETECTORS, makeDetector } from "../../dist/detectors/index.js";

const SUBJECTS = Number(process.env.SUBJECTS ?? 300);
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const SCRAPES = 240;
const EVERY = 15;
/** Passes of an hour each before anything is timed: after a day every test is armed and the profile speaks. */
const WARM_UP = 26;
const MONDAY = Date.UTC(2026, 0, 5);
const GATES = {
  direction: "up",
  minimum: 5,
  above: 0,
  times: 1.5,
  lasting: { above: 0, times: 1.3 },
  against: "baseline",
  widen: 2,
  learningAbove: 0.1,
};
const OPTIONS = { halfLife: 3 * 86_400, season: true, offset: () => 0 };

/** A small generator of the same numbers every time. */
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a signal's readings look like: ordinary traffic of ten requests a second, one per cent of which fail. */
const READINGS = {
  ratio: (next) => [next() < 0.5 ? 1 : 2, 150],
  rate: (next) => [130 + Math.floor(40 * next()), EVERY],
  mean: (next) => [150 * (900 + 200 * next()), 150],
  level: (next) => [2 * next(), 1],
};

for (const [name, makers] of Object.entries(DETECTORS)) {
  for (const signal of Object.keys(makers)) {
    const detector = makeDetector(name, signal, OPTIONS);
    const rows = Array.from({ length: SUBJECTS }, () => detector.add());
    const next = random(7);
    const samples = Array.from({ length: 4096 }, () => READINGS[signal](next));
    const reading = { at: MONDAY, seconds: EVERY, numerator: 0, denominator: 0 };
    let sample = 0;
    let sum = 0;
    const pass = () => {
      for (let s = 0; s < SCRAPES; s++) {
        reading.at += EVERY * 1000;
        for (const row of rows) {
          const [numerator, denominator] = samples[sample++ & 4095];
          reading.numerator = numerator;
          reading.denominator = denominator;
          sum += detector.advance(row, reading);
          sum += detector.judge(row, GATES, 0);
          detector.learn(row, reading);
        }
      }
    };
    for (let hour = 0; hour < WARM_UP; hour++) pass();
    const times = [];
    for (let round = 0; round < ROUNDS; round++) {
      const began = performance.now();
      pass();
      times.push(((performance.now() - began) * 1e6) / (SCRAPES * SUBJECTS));
    }
    times.sort((a, b) => a - b);
    const [least, median] = [times[0], times[ROUNDS >> 1]];
    console.log(
      `${`${name} of a ${signal}`.padEnd(22)} ${least.toFixed(0).padStart(5)} ns a sample at best, ` +
        `${median.toFixed(0)} median; ${detector.bytesPerRow} bytes a subject${Number.isFinite(sum) ? "" : " (not finite)"}`,
    );
  }
}
