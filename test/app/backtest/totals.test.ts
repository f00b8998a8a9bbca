import { expect, test } from "vitest";
import { totalsOf } from "../../../src/app/backtest/totals.ts";
import { Labels } from "../../../src/series/labels.ts";
import { epochMs } from "../../../src/series/time.ts";
import { episode } from "./episode.ts";

const MINUTE = 60_000;
const history = (...episodes: ReturnType<typeof episode>[]) => ({ episodes, end: epochMs(100 * MINUTE) });

test("time in alarm is that in which at least one fired, over all histories", () => {
  const other = { subject: Labels.of({ model: "other" }) };
  const first = history(episode("A", 0, 10), episode("A", 5, 12, other), episode("A", 20, 21));
  expect(totalsOf([first, history(episode("A", 0, 10))])).toEqual([
    {
      alertname: "A",
      severity: "warning",
      episodes: 4,
      subjects: 3,
      open: 0,
      inAlarm: 23 * MINUTE,
      longest: 10 * MINUTE,
    },
  ]);
});

test("what still fires lasts to the end", () => {
  expect(totalsOf([history(episode("A", 40, undefined))])).toMatchObject([{ open: 1, inAlarm: 60 * MINUTE }]);
});

test("the longest come first, watchdogs last", () => {
  const dog = episode("Dog", 0, undefined, { severity: "none" });
  const names = totalsOf([history(dog, episode("A", 0, 1), episode("B", 0, 5), episode("C", 0, 1))]).map(
    (t) => t.alertname,
  );
  expect(names).toEqual(["B", "A", "C", "Dog"]);
});
