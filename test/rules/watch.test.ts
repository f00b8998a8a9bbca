import { describe, expect, test } from "vitest";
import { Watch } from "../../src/rules/watch.ts";
import { durationMs } from "../../src/series/time.ts";
import { calendarOf } from "../../src/series/time-zone.ts";
import { select } from "../signals/page.ts";
import { fireAt, ratioRule, Watching } from "./watched.ts";

const expected = (watching: Watching) => [...watching.judges[0]!.judged()][0]!.explanation.expected!;

describe("the memory of a watch", () => {
  test("belongs to the signal, its labels, its baseline and its detector, not to thresholds", () => {
    const key = Watch.key(ratioRule());
    expect(Watch.key(ratioRule({ fire: fireAt({ score: 2, min_bad: 50, above: 0.5, times: 9 }) }))).toBe(key);
    expect(Watch.key(ratioRule({ by: ["instance"] }))).not.toBe(key);
    expect(Watch.key(ratioRule({ baseline: { season: "none", half_life: durationMs(1000) } }))).not.toBe(key);
    const other = ratioRule({ signal: { kind: "ratio", bad: [select("other")], total: [select("good")] } });
    expect(Watch.key(other)).not.toBe(key);
  });

  test("of a daily profile belongs to the place whose hours it follows", () => {
    const [dubai, utc] = [calendarOf("Asia/Dubai", ["fri", "sat"]), calendarOf("UTC")];
    expect(Watch.key(ratioRule(), utc)).toBe(Watch.key(ratioRule()));
    expect(Watch.key(ratioRule(), dubai)).not.toBe(Watch.key(ratioRule()));
    const even = ratioRule({ baseline: { season: "none", half_life: durationMs(1000) } });
    expect(Watch.key(even, dubai)).toBe(Watch.key(even));
  });
});

describe("a subject", () => {
  test("is read from the second page on: before, what its counters show may be old", () => {
    const watching = new Watching(ratioRule());
    watching.page(1000, 900);
    expect(watching.subject.state).toBe("unknown");
    watching.page(100, 0);
    expect(watching.subject.state).toBe("read");
  });

  test("is not read at the first look of a watch that came later than the target", () => {
    const watching = new Watching(ratioRule());
    watching.pages.page({ up: 1 });
    // Its families were not kept before, so its whole history looks newly born.
    expect(watching.page(1000, 900)).toEqual([[]]);
    expect(watching.subject.state).toBe("unknown");
  });

  test("is absent when its series were missing twice, and unknown before that and across a restart", () => {
    const watching = new Watching(ratioRule());
    watching.pagesOf(3, 100, 0);
    watching.empty();
    expect(watching.subject.state).toBe("unknown");
    watching.empty();
    expect(watching.subject.state).toBe("absent");
    watching.page(100, 0, true);
    expect(watching.subject.state).toBe("unknown");
    watching.page(100, 0);
    expect(watching.subject.state).toBe("read");
  });

  test("whose mean mixes two copies of a model is unknown", () => {
    const mean = ratioRule({
      signal: { kind: "mean", sum: [select("bad")], count: [select("good")], minus: [] },
      detector: "log-mean",
    });
    const watching = new Watching(mean);
    watching.pagesOf(3, 100, 1000);
    watching.mixed = true;
    watching.page(100, 1000);
    expect(watching.subject.state).toBe("unknown");
  });
});

describe("teaching", () => {
  test("what a rule calls anomalous teaches nothing", () => {
    const watching = new Watching(ratioRule());
    watching.pagesOf(200, 300, 0);
    const before = expected(watching);
    watching.pagesOf(100, 150, 150);
    expect(watching.states()).toEqual(["anomalous"]);
    expect(expected(watching)).toBe(before);
  });

  test("a suspicion that no rule confirms teaches again after a quarter of an hour", () => {
    // Suspicious against the base, but far below what the rule asks for.
    const watching = new Watching(ratioRule({ fire: fireAt({ score: 1, min_bad: 0, above: 0.9, times: 1 }) }));
    watching.pagesOf(200, 3000, 0);
    const before = expected(watching);
    watching.pagesOf(56, 2700, 300);
    expect(watching.subject.score).toBeGreaterThan(1);
    expect(expected(watching)).toBe(before);
    watching.pagesOf(60, 2700, 300);
    expect(expected(watching)).toBeGreaterThan(5 * before);
  });

  test("a model that is learned teaches though it is far from what is assumed of models", () => {
    const watching = new Watching(ratioRule());
    for (let i = 0; i < 200; i++) expect(watching.page(285, 15)).toEqual([[]]);
    expect(expected(watching)).toBeCloseTo(0.05, 2);
  });

  test("after an announced change there is time to settle", () => {
    const watching = new Watching(ratioRule());
    watching.pagesOf(200, 300, 0);
    watching.watch.settle((labels) => labels.get("model") === "a", watching.pages.at);
    expect(watching.page(150, 150)).toEqual([[]]);
    expect(watching.pagesOf(3, 150, 150)[0]).toHaveLength(1);
  });
});
