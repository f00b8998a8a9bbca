import { expect, test } from "vitest";
import { beginEpisode, type Call, isConfirmed, noteReading } from "../../src/rules/episode.ts";
import { epochMs, MINUTE } from "../../src/series/time.ts";

const AT = epochMs(Date.UTC(2026, 10, 23, 8));
const later = (minutes: number) => epochMs(AT + minutes * MINUTE);

test.each<[Call | undefined, number, boolean]>([
  [undefined, 15, true],
  [undefined, 16, false],
  ["true", 15, true],
  ["true", 16, false],
  ["false", 1, false],
  ["expected", 1, false],
])("an alarm called %s that begins again after %i minutes is the same happening: %s", (call, minutes, same) => {
  const first = beginEpisode(undefined, AT);
  Object.assign(first, { call, ended: AT });
  expect(beginEpisode(first, later(minutes)) === first).toBe(same);
});

test("what was called true is so until a quarter of an hour after its end", () => {
  const episode = beginEpisode(undefined, AT);
  expect(isConfirmed(episode, AT)).toBe(false);
  episode.call = "true";
  expect(isConfirmed(episode, later(1_000))).toBe(true);
  episode.ended = AT;
  expect([15, 16].map((minutes) => isConfirmed(episode, later(minutes)))).toEqual([true, false]);
});

test("an episode takes down how long it was read and the most events a second, in a scrape or over a window", () => {
  const episode = beginEpisode(undefined, AT);
  const seen = { test: "", denominator: 100, observed: 0.3, expected: 0.01, lower: undefined, upper: undefined };
  const note = (numerator: number, window: number, reading?: { seconds: number; numerator: number }) =>
    noteReading(
      episode,
      "up",
      { ...seen, numerator, window, evidence: 0, threshold: 0 },
      reading && { at: AT, denominator: 100, ...reading },
    );
  note(30, 0, { seconds: 15, numerator: 30 });
  note(0, 0, { seconds: 15, numerator: 6 });
  expect(episode).toMatchObject({ seconds: 30, flow: 2 });
  note(180, 60, undefined);
  expect(episode).toMatchObject({ seconds: 30, flow: 3 });
  note(0, 0, { seconds: 7_200, numerator: 10 });
  expect(episode).toMatchObject({ seconds: 330, flow: 3 });
});

test("a new episode begins with the time for which the same happening passed as normal", () => {
  const called = Object.assign(beginEpisode(undefined, AT), { call: "expected", ended: AT, seconds: 60 });
  expect(beginEpisode(called, later(1), 900).seconds).toBe(900);
  expect(beginEpisode(called, later(1)).seconds).toBe(0);
});
