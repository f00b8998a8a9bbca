import { expect, test } from "vitest";
import { RushRows } from "../../src/detectors/rush.ts";
import { MONDAY } from "./subject.ts";

const HOUR = 3_600_000;
const rushes = (offset = 0): RushRows => {
  const rush = new RushRows(() => offset);
  rush.reset(0);
  return rush;
};

test("an hour never seen has no rush", () => {
  expect(rushes().at(0, MONDAY)).toBe(1);
});

test("a job that runs at the same hour each day is expected there, and nowhere else", () => {
  const rush = rushes();
  for (let day = 0; day < 3; day++) rush.learn(0, rush.hour(MONDAY + (24 * day + 3) * HOUR), Math.log(2.4));
  expect(rush.at(0, MONDAY + (24 * 5 + 3.5) * HOUR)).toBeCloseTo(2.4, 4);
  expect(rush.at(0, MONDAY + (24 * 5 + 4) * HOUR)).toBe(1);
});

test("an hour's noise is no rush, and no rush is worth more than four times the rate", () => {
  const rush = rushes();
  rush.learn(0, 5, Math.log(1.4));
  rush.learn(0, 6, Math.log(100));
  expect([rush.at(0, 5 * HOUR), rush.at(0, 6 * HOUR)]).toEqual([1, expect.closeTo(4, 4)]);
});

test("a job that is gone is forgotten within days", () => {
  const rush = rushes();
  rush.learn(0, 3, Math.log(3));
  for (let day = 0; day < 4; day++) rush.learn(0, 3, 0);
  expect(rush.at(0, 3 * HOUR)).toBe(1);
});

test("hours are those of the place", () => {
  const rush = rushes(2 * HOUR);
  rush.learn(0, rush.hour(MONDAY + HOUR), Math.log(3));
  expect(rush.hour(MONDAY + HOUR) % 24).toBe(3);
  expect(rush.at(0, MONDAY + HOUR)).toBeCloseTo(3, 4);
});
