import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Explanation } from "../../src/detectors/detector.ts";
import { beginEpisode, type Episode, noteReading } from "../../src/rules/episode.ts";
import { describeTolerance, limitAt, type Terms, type Tolerance, tolerancesOf } from "../../src/rules/tolerance.ts";
import type { Direction } from "../../src/rules/types.ts";
import { DAY, durationMs, epochMs, HOUR, MINUTE } from "../../src/series/time.ts";
import { ratioRule } from "./watched.ts";

const AT = epochMs(Date.UTC(2026, 10, 23, 8));
const HALF_LIFE = durationMs(3 * DAY);
const WORD = { call: "expected", by: "alice", note: "load test" } as const;
const RATIO: Terms = ratioRule();
const LEVEL: Terms = { ...RATIO, signal: { kind: "level", value: [], of: [] } };

const seen = (observed: number, expected: number): Explanation => ({
  test: "one scrape",
  window: 0,
  numerator: 0,
  denominator: 0,
  observed,
  expected,
  lower: undefined,
  upper: undefined,
  evidence: 0,
  threshold: 0,
});

function episodeOf(direction: Direction, expected: number, ...observed: readonly number[]): Episode {
  const episode = beginEpisode(undefined, AT);
  for (const value of observed)
    noteReading(episode, direction, seen(value, expected), { at: AT, seconds: 15, numerator: 30, denominator: 100 });
  return episode;
}

const granted = (episode: Episode, terms = RATIO): readonly Tolerance[] => tolerancesOf(episode, WORD, AT, terms);

const lasting = (minutes: number): Episode => Object.assign(episodeOf("up", 0.01, 0.3), { seconds: 60 * minutes });

const later = (halfLives: number) => epochMs(AT + halfLives * HALF_LIFE);

describe("a tolerance", () => {
  test("reaches as far as the episode did and a tenth more, on the side it went to", () => {
    expect(granted(episodeOf("up", 0.01, 0.1, 0.28, 0.2))).toMatchObject([
      { side: "up", limit: expect.closeTo(0.308) },
    ]);
    expect(granted(episodeOf("down", 10, 3, 1.1, 2))).toMatchObject([{ side: "down", limit: expect.closeTo(1) }]);
    expect(granted(episodeOf("both", 4, 8, 2.2)).map(({ side }) => side)).toEqual(["up", "down"]);
    expect(granted(episodeOf("up", 0.01))).toEqual([]);
    expect(granted(episodeOf("up", 0.01, 0.98))).toMatchObject([{ limit: 1 }]);
  });

  test("holds in full for a half-life of the baseline, halves with every further one, and ends after four", () => {
    const [tolerance] = granted(episodeOf("up", 0.1, 0.8 / 1.1));
    expect([0, 1, 2, 3].map((n) => limitAt(tolerance!, later(n))!.toFixed(4))).toEqual([
      ...["0.8000", "0.8000", "0.4500", "0.2750"],
    ]);
    expect(limitAt(tolerance!, later(4))).toBeUndefined();
  });

  test("allows a ratio twice the bad events a second; what any other signal shows is an amount itself", () => {
    expect(granted(episodeOf("up", 0.01, 0.3))).toMatchObject([{ flow: 4 }]);
    expect(granted(episodeOf("up", 0.01, 0.3), LEVEL)).toMatchObject([{ flow: undefined }]);
  });

  test.each([
    [1, 15 * MINUTE, undefined],
    [20, 40 * MINUTE, undefined],
    [59, 118 * MINUTE, undefined],
    [60, 2 * HOUR, HOUR],
    [180, 6 * HOUR, 3 * HOUR],
  ])("of %i minutes lasts for %i ms in a row and is learned after %s", (minutes, longest, learnedAfter) => {
    expect(granted(lasting(minutes))).toMatchObject([{ longest, learnedAfter }]);
  });

  test("follows nobody under a stated bound, and may last against the slow reference", () => {
    expect(granted(lasting(60), { ...RATIO, detector: "threshold" })).toMatchObject([
      { longest: 2 * HOUR, learnedAfter: undefined },
    ]);
    expect(granted(lasting(60), { ...RATIO, against: "anchor" })).toMatchObject([
      { longest: undefined, learnedAfter: undefined },
    ]);
  });

  test("says in words who called what normal", () => {
    const [tolerance] = granted(episodeOf("up", 0.01, 0.31 / 1.1));
    const called = "was called normal by alice on 2026-11-23";
    expect(describeTolerance(tolerance!, "ratio")).toBe(`up to 31 % (at most 4 bad/s, 15m in a row) ${called}`);
    const [slow] = granted(lasting(100), { ...LEVEL, against: "anchor" });
    expect(describeTolerance(slow!, "level")).toBe(`up to 0.33 ${called}`);
    const [low] = granted(Object.assign(episodeOf("down", 10, 1.1), { seconds: 1_810 }));
    expect(describeTolerance(low!, "rate")).toBe(`down to 1/s (1h in a row) ${called}`);
  });

  test("never reaches further than was really seen, but for a tenth, and never grows", () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
    const age = fc.double({ min: 0, max: 5, noNaN: true });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), age, age, (observed, normal, one, other) => {
        const [tolerance] = granted(episodeOf("up", normal, ...observed));
        const limits = [Math.min(one, other), Math.max(one, other)].map((n) => limitAt(tolerance!, later(n)) ?? 0);
        expect(limits[0]!).toBeLessThanOrEqual(Math.min(1, 1.1 * Math.max(...observed)) + 1e-12);
        expect(limits[1]!).toBeLessThanOrEqual(limits[0]! + 1e-12);
      }),
    );
  });
});
