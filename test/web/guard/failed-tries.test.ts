import { expect, test } from "vitest";
import { epochMs } from "../../../src/series/time.ts";
import { FailedTries } from "../../../src/web/guard/failed-tries.ts";

function tries() {
  const clock = { now: 0 };
  const failed = new FailedTries(() => epochMs(clock.now));
  const fail = (address: string, times: number) => {
    for (let i = 0; i < times; i++) failed.add(address);
  };
  return { clock, failed, fail };
}

test("ten in a minute are too many, for that address alone", () => {
  const { clock, failed, fail } = tries();
  fail("10.0.0.1", 9);
  expect(failed.tooMany("10.0.0.1")).toBe(false);
  fail("10.0.0.1", 1);
  expect([failed.tooMany("10.0.0.1"), failed.tooMany("10.0.0.2")]).toEqual([true, false]);
  clock.now = 60_000;
  expect(failed.tooMany("10.0.0.1")).toBe(false);
});

test("whoever has one address of a /64 has all of it", () => {
  const { failed, fail } = tries();
  for (let i = 0; i < 10; i++) fail(`2001:db8:1:2::${i}`, 1);
  expect([failed.tooMany("2001:db8:1:2::ffff"), failed.tooMany("2001:db8:1:3::1")]).toEqual([true, false]);
  fail("::ffff:10.0.0.1", 10);
  expect(failed.tooMany("::ffff:10.0.0.2")).toBe(false);
});

test("a flood of addresses pushes out the oldest and no more is remembered", () => {
  const { failed, fail } = tries();
  fail("first", 10);
  for (let i = 0; i < 999; i++) fail(`10.1.${i >> 8}.${i & 255}`, 10);
  expect(failed.tooMany("first")).toBe(true);
  fail("one more", 1);
  expect(failed.tooMany("first")).toBe(false);
  expect(failed.tooMany("10.1.3.231")).toBe(false);
  expect(failed.tooMany("10.1.3.230")).toBe(true);
});
