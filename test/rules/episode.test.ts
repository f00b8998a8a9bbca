import { expect, test } from "vitest";
import { beginEpisode, type Call, isConfirmed } from "../../src/rules/episode.ts";
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
