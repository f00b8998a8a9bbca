import { describe, expect, test } from "vitest";
import type { Gates } from "../../src/detectors/detector.ts";
import { makeDetector } from "../../src/detectors/index.ts";
import { GATES, OPTIONS, Subject } from "./subject.ts";

type Kind = "ratio" | "rate" | "mean" | "level";
const subject = (kind: Kind, gates: Partial<Gates>, over = 60): Subject =>
  new Subject(makeDetector("threshold", kind, { ...OPTIONS, over }), { ...GATES, ...gates });

const score = ({ detector, row, gates }: Subject): number => detector.judge(row, gates, 0);
const told = ({ detector, row, gates }: Subject) => detector.explain(row, gates, 0);

describe.each([1, 5, 15, 60])("over a minute, at one scrape every %d s", (every) => {
  test("a rate fires above its bound once it holds over the minute, and ends when it does not", () => {
    const rate = subject("rate", { above: 10 });
    expect(rate.run(600, every, () => [9.9 * every])).toBeUndefined();
    expect(rate.run(600, every, () => [20 * every])).toBeLessThanOrEqual(60);
    expect(score(rate)).toBeCloseTo(2, 9);
    rate.run(90, every, () => [5 * every]);
    expect(score(rate)).toBe(0);
  });

  test("a burst counts over the minute, however it falls into scrapes", () => {
    const rate = subject("rate", { above: 10 });
    rate.run(300, every, () => [0]);
    rate.take(every, 300);
    // The window is met to a twelfth.
    const share = told(rate).observed / (300 / Math.max(60, every));
    expect(share).toBeGreaterThanOrEqual(1);
    expect(share).toBeLessThanOrEqual(12 / 11);
  });

  test("a ratio is that of the minute's counts, and needs its least number of bad events", () => {
    const ratio = subject("ratio", { above: 0.05, minimum: 5 });
    expect(ratio.run(600, every, () => [every / 60, every])).toBeUndefined();
    expect(ratio.run(600, every, () => [every / 10, every])).toBeLessThanOrEqual(60);
    const few = subject("ratio", { above: 0.05, minimum: 5 });
    expect(few.run(600, every, () => [every / 60, every / 30])).toBeUndefined();
  });

  test("a mean is the minute's sum over the minute's count", () => {
    const mean = subject("mean", { above: 100 });
    expect(mean.run(300, every, () => [100 * every, every])).toBeUndefined();
    expect(mean.run(300, every, () => [300 * every, every])).toBeLessThanOrEqual(60);
  });

  test("a level is averaged over the minute", () => {
    const level = subject("level", { above: 10 });
    expect(level.run(300, every, () => [10, 1])).toBeUndefined();
    expect(level.run(300, every, () => [20, 1])).toBeLessThanOrEqual(60);
    expect(told(level).observed).toBeCloseTo(20, 9);
  });
});

test("without a window the newest scrape alone is judged, at once", () => {
  const level = subject("level", { above: 10 }, 0);
  expect(level.take(15, 11, 1)).toBe(true);
  expect(level.take(15, 10, 1)).toBe(false);
  expect(level.take(15, 30, 2)).toBe(true);
  expect(told(level)).toMatchObject({ observed: 15, expected: undefined, lower: undefined, upper: 10, window: 0 });
});

test("a bound below fires when the value falls under it, and at nothing at all", () => {
  const rate = subject("rate", { direction: "down", above: 0, below: 1 });
  expect(rate.run(300, 15, () => [15])).toBeUndefined();
  expect(rate.run(300, 15, () => [0])).toBeLessThanOrEqual(75);
  expect(score(rate)).toBe(1000);
  expect(told(rate)).toMatchObject({ lower: 1, upper: undefined });
});

test("a ratio below its bound needs its least number of events in all, not of those it is short of", () => {
  const share = subject("ratio", { direction: "down", above: 0, below: 0.9, minimum: 20 });
  expect(share.take(15, 0, 10)).toBe(false);
  expect(share.take(15, 0, 10)).toBe(true);
});

test("with bounds on both sides the band is what lies between them", () => {
  const level = subject("level", { direction: "both", above: 10, below: 2 }, 0);
  expect([2, 5, 10].map((value) => level.take(15, value, 1))).toEqual([false, false, false]);
  expect(level.take(15, 1, 1)).toBe(true);
  expect(score(level)).toBe(2);
  expect(level.take(15, 12, 1)).toBe(true);
  expect(told(level)).toMatchObject({ lower: 2, upper: 10, expected: 6 });
});

test("it learns nothing: it judges at once, and after a day above its bound still fires", () => {
  const rate = subject("rate", { above: 10 }, 0);
  expect(rate.detector.learning(rate.row)).toBe(false);
  expect(rate.take(15, 300)).toBe(true);
  rate.run(86_400, 60, () => [1200]);
  rate.detector.adopt(rate.row);
  expect(rate.take(60, 1200)).toBe(true);
});

test("a raise does not move a bound that people stated", () => {
  const level = subject("level", { above: 10 }, 0);
  level.take(15, 11, 1);
  expect(level.detector.judge(level.row, level.gates, 30)).toBe(score(level));
  expect(level.detector.tests(level.gates)).toEqual([]);
});

test("a rate says nothing before half of its window was seen, and after its model was loaded again", () => {
  const rate = subject("rate", { above: 10 });
  expect(rate.take(15, 600)).toBe(false);
  expect(rate.detector.readiness(rate.row).seconds).toBe(15);
  expect(rate.take(15, 600)).toBe(true);
  rate.detector.cut(rate.row);
  expect(score(rate)).toBe(0);
});

test("without events a ratio and a mean say nothing", () => {
  const ratio = subject("ratio", { above: 0 });
  ratio.take(15, 0, 0);
  expect(score(ratio)).toBe(0);
  expect(told(ratio).observed).toBe(0);
});

test("against the anchor it says nothing: it keeps none", () => {
  const level = subject("level", { above: 10, against: "anchor" }, 0);
  expect(level.take(15, 100, 1)).toBe(false);
});
