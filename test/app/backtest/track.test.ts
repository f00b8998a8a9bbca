import fc from "fast-check";
import { expect, test } from "vitest";
import { TimeGrid, Track } from "../../../src/app/backtest/track.ts";
import { epochMs } from "../../../src/series/time.ts";

const MOST = 1024;
const reading = (at: number, value: number) => ({ at, seconds: 1, numerator: value, denominator: 1 });
/** Of a test that saw what lies between the two. */
const explanation = (lower: number, upper: number) => ({
  test: "t",
  window: 1,
  numerator: 0,
  denominator: 1,
  observed: (lower + upper) / 2,
  expected: lower,
  lower,
  upper,
  evidence: 0,
  threshold: 0,
});

test("however long it goes on, a track keeps at most 1024 slots: in them the least and the most that was seen, and what was said the loudest", () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: -9, max: 9 })), {
    minLength: 1,
    maxLength: 300,
  });
  fc.assert(
    fc.property(steps, (moves) => {
      const track = new Track(new TimeGrid(epochMs(0), 1));
      const seen: { at: number; value: number }[] = [];
      let at = 0;
      for (const [gap, value] of moves) {
        at += gap;
        seen.push({ at, value });
        track.add(reading(at, value));
        track.setBand(explanation(value - 1, value + 1), epochMs(at), Math.abs(value));
      }
      const { width } = track;
      expect(Math.ceil(at / width)).toBeLessThanOrEqual(MOST);
      const wanted = (pick: (values: number[]) => number): number[] =>
        Array.from({ length: Math.floor(at / width) + 1 }, (_, slot) => {
          const values = seen.filter((one) => Math.floor(one.at / width) === slot).map(({ value }) => value);
          return values.length === 0 ? Number.NaN : pick(values);
        });
      expect([...track.column("least")]).toEqual(wanted((values) => Math.min(...values)));
      expect([...track.column("most")]).toEqual(wanted((values) => Math.max(...values)));
      const loudest = (values: number[]): number => values.reduce((a, b) => (Math.abs(a) > Math.abs(b) ? a : b));
      expect([...track.column("score")]).toEqual(wanted((values) => Math.abs(loudest(values))));
      expect([...track.column("judged")]).toEqual(wanted(loudest));
      expect([...track.column("lower")]).toEqual(wanted((values) => loudest(values) - 1));
      expect([...track.column("upper")]).toEqual(wanted((values) => loudest(values) + 1));
      expect([...track.column("expected")]).toEqual(wanted((values) => loudest(values) - 1));
    }),
  );
});

/** Which readings, given when they were, ask for the band, and the upper ends that the slots then have. */
function asked(width: number, times: readonly number[]) {
  const track = new Track(new TimeGrid(epochMs(0), width));
  const asks = times.filter((at, i) => {
    const wanted = track.add(reading(at, 1));
    if (wanted) track.setBand(explanation(0, i), epochMs(at), 0);
    return wanted;
  });
  return { asks, upper: [...track.column("upper")] };
}

test("the band is asked for once a slot", () => {
  const { asks } = asked(60_000, [0, 30_000, 59_999, 60_000, 119_000]);
  expect(asks).toEqual([0, 60_000]);
});

test("the band is asked for once a minute at most; slots in between have the last one", () => {
  const { asks, upper } = asked(15_000, [0, 15_000, 30_000, 45_000, 60_000, 75_000]);
  expect(asks).toEqual([0, 60_000]);
  expect(upper).toEqual([0, 0, 0, 0, 4, 4]);
});

test("after an alarm the band is asked for sooner; what was judged in it is not carried over, for it is soon past", () => {
  const track = new Track(new TimeGrid(epochMs(0), 5000));
  const asks = [0.2, 0.2, 3, 0.2, 0.2, 0.2, 0.2].map((score, i) => {
    const at = 5000 * i;
    const wanted = track.add(reading(at, 1));
    if (wanted || score >= 1) track.setBand(explanation(0, 2), epochMs(at), score);
    return wanted;
  });
  expect(asks).toEqual([true, false, false, false, false, true, false]);
  expect([...track.column("judged")]).toEqual([1, 1, 1, Number.NaN, Number.NaN, 1, 1]);
  expect([...track.column("upper")]).toEqual([2, 2, 2, 2, 2, 2, 2]);
});

test("a reading of nothing leaves a gap", () => {
  const track = new Track(new TimeGrid(epochMs(0), 1000));
  track.add({ at: 0, seconds: 1, numerator: 0, denominator: 0 });
  track.setBand({ ...explanation(0, 1), denominator: 0 }, epochMs(0), Number.NaN);
  expect([...track.column("most")]).toEqual([Number.NaN]);
  expect([...track.column("judged")]).toEqual([Number.NaN]);
  expect([...track.column("score")]).toEqual([0]);
});
