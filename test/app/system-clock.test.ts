import { expect, test } from "vitest";
import { steadyTime } from "../../src/app/system-clock.ts";

/** A system whose clock can be set; `pass` lets time pass. */
function system() {
  const at = { wall: 1_000_000, elapsed: 0 };
  const now = steadyTime(
    () => at.wall,
    () => at.elapsed,
  );
  const pass = (ms: number, set = 0): number => {
    at.elapsed += ms;
    at.wall += ms + set;
    return now() - 1_000_000;
  };
  return { pass, ahead: () => now() - at.wall };
}

test("it is the system's time while that goes on", () => {
  const { pass } = system();
  expect([pass(100), pass(0), pass(900)]).toEqual([100, 100, 1_000]);
});

test("it follows a clock that is set forward", () => {
  const { pass } = system();
  expect([pass(100, 60_000), pass(100)]).toEqual([60_100, 60_200]);
});

test("where the clock is set back it goes on from where it was, and catches up a twentieth at a time", () => {
  const { pass, ahead } = system();
  expect(pass(1_000, -10_000)).toBe(1_000);
  expect(pass(1_000)).toBe(1_950);
  for (let i = 0; i < 300; i++) pass(1_000);
  expect(ahead()).toBe(0);
});

test("it never goes back, whatever is done to the clock", () => {
  const { pass } = system();
  let before = 0;
  for (const set of [-50, 30, -5_000, 0, 2_000, -1, -99, 4_000, -100, 0, 0]) {
    const now = pass(100, set);
    expect(now).toBeGreaterThanOrEqual(before);
    before = now;
  }
});

test("a clock set forward again brings the two together at once", () => {
  const { pass, ahead } = system();
  pass(100, -5_000);
  pass(100, 6_000);
  expect(ahead()).toBe(0);
});
