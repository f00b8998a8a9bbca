import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Explanation, Gates } from "../../src/detectors/detector.ts";
import { beginEpisode, type Episode, noteReading } from "../../src/rules/episode.ts";
import { describeTolerance, limitAt, type Tolerance, Tolerances, tolerancesOf } from "../../src/rules/tolerance.ts";
import type { Direction } from "../../src/rules/types.ts";
import { DAY, durationMs, epochMs } from "../../src/series/time.ts";

const AT = epochMs(Date.UTC(2026, 10, 23, 8));
const HALF_LIFE = durationMs(3 * DAY);
const WORD = { call: "expected", by: "alice", note: "load test" } as const;
const GATES: Gates = {
  direction: "up",
  minimum: 5,
  above: 0.02,
  times: 2.5,
  lasting: { above: 0.003, times: 1.3 },
  against: "baseline",
  widen: 2,
  learningAbove: 0.1,
};

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
  for (const value of observed) noteReading(episode, direction, seen(value, expected));
  return episode;
}

const granted = (episode: Episode, most = 1): readonly Tolerance[] =>
  tolerancesOf(episode, { word: WORD, at: AT, halfLife: HALF_LIFE, most });

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

  test("says in words who called what normal", () => {
    const [tolerance] = granted(episodeOf("up", 0.01, 0.31 / 1.1));
    expect(describeTolerance(tolerance!, "ratio")).toBe("up to 31 % was called normal by alice on 2026-11-23");
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

describe("tolerances", () => {
  test("take values up to the limit out of the conditions of a rule that looks upwards, and never loosen the others", () => {
    const held = new Tolerances();
    held.grant(granted(episodeOf("up", 0.01, 0.3 / 1.1)));
    expect(held.widen(GATES, AT)).toEqual({
      ...GATES,
      above: expect.closeTo(0.3),
      lasting: { above: expect.closeTo(0.3), times: 1.3 },
      learningAbove: expect.closeTo(0.3),
    });
    expect(held.widen({ ...GATES, above: 0.5, direction: "up" }, AT).above).toBe(0.5);
    expect(held.widen({ ...GATES, direction: "both" }, AT).above).toBe(GATES.above);
    expect(held.widen(GATES, later(4))).toBe(GATES);
  });

  test("cover what is no further from normal than was called normal, on that side only", () => {
    const held = new Tolerances();
    const gates = { ...GATES, direction: "both" } as const;
    held.grant(granted(episodeOf("both", 4, 8), Number.POSITIVE_INFINITY));
    expect([8.7, 9, 2].map((value) => held.cover(gates, value, 4, AT))).toEqual(["alice", undefined, undefined]);
    held.grant(granted(episodeOf("both", 4, 2.2), Number.POSITIVE_INFINITY));
    expect([8.7, 9, 2.1, 1.9].map((value) => held.cover(gates, value, 4, AT))).toEqual([
      "alice",
      undefined,
      "alice",
      undefined,
    ]);
    expect(held.at(AT)).toHaveLength(2);
    expect(held.at(later(4))).toEqual([]);
  });
});
