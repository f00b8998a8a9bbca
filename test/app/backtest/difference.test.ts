import fc from "fast-check";
import { expect, test } from "vitest";
import { differenceOf } from "../../../src/app/backtest/difference.ts";
import type { Episode } from "../../../src/app/backtest/episodes.ts";
import { Labels } from "../../../src/series/labels.ts";
import { epochMs } from "../../../src/series/time.ts";
import { episode } from "./episode.ts";

const end = epochMs(600 * 60_000);
const compare = (ours: readonly Episode[], theirs: readonly Episode[]) =>
  differenceOf({ episodes: ours, end }, { episodes: theirs, end });

test("episodes that overlap are the same, and by how much one begins later is told", () => {
  const { added, removed, both } = compare([episode("A", 12, 20)], [episode("A", 10, 15)]);
  expect([added, removed]).toEqual([[], []]);
  expect(both).toMatchObject([{ later: 120_000 }]);
});

test("several episodes within a long one are that one", () => {
  const { both } = compare([episode("A", 10, 12), episode("A", 14, 16)], [episode("A", 9, 30)]);
  expect(both.map(({ ours, theirs }) => [ours.length, theirs.length])).toEqual([[2, 1]]);
});

test("what is more than a minute apart, of another subject or of another alert is not the same", () => {
  const other = { subject: Labels.of({ model: "other" }) };
  for (const theirs of [episode("A", 22, 23), episode("A", 10, 20, other), episode("B", 10, 20)]) {
    const { added, removed, both } = compare([episode("A", 10, 20)], [theirs]);
    expect([added.length, removed.length, both.length]).toEqual([1, 1, 0]);
  }
});

test("what still fires goes on to the end of the history", () => {
  expect(compare([episode("A", 10, undefined)], [episode("A", 500, 501)]).both).toHaveLength(1);
});

test("watchdogs are left out", () => {
  expect(compare([episode("W", 0, undefined, { severity: "none" })], [])).toEqual({ added: [], removed: [], both: [] });
});

const anyEpisodes = fc.array(
  fc
    .tuple(fc.constantFrom("A", "B"), fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 60 }))
    .map(([name, from, length]) => episode(name, from, from + length)),
  { maxLength: 12 },
);

test("each episode is told once, and compared the other way round more is fewer", () => {
  fc.assert(
    fc.property(anyEpisodes, anyEpisodes, (ours, theirs) => {
      const there = compare(ours, theirs);
      const back = compare(theirs, ours);
      const all = [
        ...there.added,
        ...there.removed,
        ...there.both.flatMap((match) => [...match.ours, ...match.theirs]),
      ];
      expect(new Set(all)).toEqual(new Set([...ours, ...theirs]));
      expect(all).toHaveLength(ours.length + theirs.length);
      expect(new Set(back.added)).toEqual(new Set(there.removed));
      expect(back.both).toHaveLength(there.both.length);
    }),
  );
});

test("rules differ in nothing from themselves", () => {
  fc.assert(
    fc.property(anyEpisodes, (episodes) => {
      const { added, removed, both } = compare(episodes, episodes);
      expect([added, removed]).toEqual([[], []]);
      for (const { later } of both) expect(later).toBe(0);
    }),
  );
});
