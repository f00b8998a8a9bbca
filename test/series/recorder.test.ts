import fc from "fast-check";
import { expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { matcher } from "../../src/series/matchers.ts";
import { Recorder } from "../../src/series/recorder.ts";
import { PointBuffer } from "../../src/series/source.ts";
import { durationMs, epochMs } from "../../src/series/time.ts";

const named = (name: string, i = 0) => Labels.of({ __name__: name, i: `${i}` });
const byName = (name: string) => [matcher("__name__", "=", name)];

/** What a query for one instant finds. */
function at(recorder: Recorder, time: number, lookback = 300): number | undefined {
  const point = { time: 0, value: 0 };
  const [view] = recorder.views(byName("x"));
  return view?.latest(epochMs(time), durationMs(lookback), point) ? point.value : undefined;
}

test("readers of a recorded series see what an array of its samples and marks shows", () => {
  const step = fc.record({ ahead: fc.integer({ min: -20, max: 60 }), value: fc.option(fc.double()) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 900 }), (steps, reach) => {
      const recorder = new Recorder();
      recorder.reach = durationMs(reach);
      const written: { time: number; value: number | null }[] = [];
      let now = 1_000;
      for (const { ahead, value } of steps) {
        const time = now + ahead;
        if (value === null) recorder.stale(named("x"), epochMs(time));
        else recorder.record(named("x"), epochMs(time), value);
        const last = written.at(-1);
        if ((last && time < last.time) || (value === null && (!last || last.value === null))) continue;
        if (last?.time === time) written.pop();
        written.push({ time, value });
        now = Math.max(now, time);
      }
      const seen = written.filter(({ time }) => time > now - reach);
      for (const { time } of seen) {
        const newest = written.findLast((each) => each.time <= time + 1)!;
        const expected = newest.value === null || newest.time <= now - reach ? undefined : newest.value;
        expect(at(recorder, time + 1, time + 1 - now + reach)).toEqual(expected);
      }
      const points = new PointBuffer();
      for (const view of recorder.views(byName("x"))) view.range(epochMs(now - reach), epochMs(now), points);
      const samples = seen.filter(({ value }) => value !== null);
      expect([...points.values.slice(0, points.length)]).toEqual(samples.map(({ value }) => value));
    }),
  );
});

test("a series is stale from the instant it was said to be, and its past stays as it was", () => {
  const recorder = new Recorder();
  recorder.reach = durationMs(1_000);
  recorder.record(named("x"), epochMs(10), 1);
  recorder.stale(named("x"), epochMs(20));
  recorder.stale(named("x"), epochMs(30));
  recorder.record(named("x"), epochMs(40), 2);
  expect([19, 20, 39, 40].map((time) => at(recorder, time))).toEqual([1, undefined, undefined, 2]);
});

test("what rules can no longer read is forgotten", () => {
  const recorder = new Recorder();
  recorder.reach = durationMs(1_000);
  recorder.record(named("x"), epochMs(0), 1);
  for (let time = 0; time < 200_000; time += 1_000) recorder.record(named("y"), epochMs(time), 1);
  expect(recorder.views(byName("x"))).toEqual([]);
  expect(recorder.size).toBe(1);
});

test("too many series are refused and counted; room is made for new ones when old ones are out of reach", () => {
  const recorder = new Recorder({ series: 3, bytes: 1e9 });
  recorder.reach = durationMs(1_000);
  for (let i = 0; i < 5; i++) recorder.record(named("x", i), epochMs(i), 1);
  expect([recorder.size, recorder.refused]).toEqual([3, 2]);
  recorder.record(named("x", 9), epochMs(5_000), 1);
  expect([recorder.size, recorder.refused]).toEqual([1, 2]);
});

test("out of memory series reach back less far, and no new ones are taken", () => {
  const recorder = new Recorder({ series: 1_000, bytes: 20_000 });
  recorder.reach = durationMs(1e9);
  for (let time = 0; time < 1_000; time++) {
    for (let i = 0; i < 100; i++) recorder.record(named("x", i), epochMs(time), i);
  }
  // A ring may be in the middle of doubling when the limit is met.
  expect(recorder.bytes).toBeLessThan(40_000);
  expect(recorder.size).toBeGreaterThan(10);
  expect(at(recorder, 999)).toBe(0);
});

test("a hundred thousand series can be selected at once", () => {
  const recorder = new Recorder();
  for (let i = 0; i < 130_000; i++) recorder.record(named("x", i), epochMs(1), i);
  expect(recorder.views(byName("x"))).toHaveLength(130_000);
  expect(recorder.views([])).toHaveLength(130_000);
});

test("a target with very many series loses the past of those that ended, and no other target does", () => {
  const recorder = new Recorder();
  recorder.reach = durationMs(1e9);
  const of = (instance: string, i: number) => Labels.of({ __name__: "x", instance, i: `${i}` });
  recorder.record(of("honest", 0), epochMs(1), 1);
  recorder.stale(of("honest", 0), epochMs(2));
  for (let i = 0; i < 8_000; i++) recorder.record(of("evil", i), epochMs(1), 1);
  for (let i = 1; i < 8_000; i++) recorder.stale(of("evil", i), epochMs(2));
  recorder.record(of("evil", 8_000), epochMs(3), 1);
  expect(recorder.views(byName("x")).map(({ labels }) => `${labels.get("instance")} ${labels.get("i")}`)).toEqual([
    "honest 0",
    "evil 0",
    "evil 8000",
  ]);
});
