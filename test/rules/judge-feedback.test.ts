import { describe, expect, test, vi } from "vitest";
import type { Call } from "../../src/rules/episode.ts";
import { Judge } from "../../src/rules/judge.ts";
import { sentenceOf } from "../../src/rules/sentence.ts";
import { epochMs } from "../../src/series/time.ts";
import { fireAt, ratioRule, Watching } from "./watched.ts";

const HOUR = 240;
const DAY = 24 * HOUR;

/** An hour without failures, then ten pages, or more, on which a tenth of the requests fail. */
function burst(pages = 10): Watching {
  const watching = new Watching(ratioRule());
  watching.pagesOf(HOUR, 300, 0);
  expect(watching.pagesOf(pages, 270, 30)[0]).toHaveLength(1);
  return watching;
}

function say(watching: Watching, call: Call) {
  const word = { call, by: "alice", note: "load test" };
  return watching.judges[0]!.learnFrom(watching.subject, word, epochMs(watching.pages.at));
}

const expected = (watching: Watching): number => [...watching.judges[0]!.judged()][0]!.explanation.expected!;

describe.each(["false", "expected"] as const)("an alarm that was called %s", (call) => {
  test("ends at once, and values up to a tenth more than it reached do not fire", () => {
    const watching = burst();
    expect(say(watching, call)).toMatchObject({ kind: "tolerated", tolerances: [{ side: "up" }] });
    expect(watching.states()).toEqual(["normal"]);
    for (let i = 0; i < 40; i++) expect(watching.page(271, 29)).toEqual([[]]);
    const [judged] = watching.judges[0]!.judged();
    expect(judged!.tolerances).toMatchObject([{ side: "up", limit: expect.closeTo(0.11, 2), word: { by: "alice" } }]);
    expect(judged!.explanation.upper).toBeGreaterThanOrEqual(judged!.tolerances[0]!.limit);
  });

  test("fires again on what goes further, and its evidence says what was called normal and by whom", () => {
    const watching = burst();
    say(watching, call);
    watching.pagesOf(8, 270, 30);
    const [found] = watching.pagesOf(4, 200, 100);
    expect(found).toHaveLength(1);
    expect(found![0]!.evidence["called_normal"]).toEqual([
      expect.stringMatching(/^up to 11 % \(at most 4 bad\/s, 15m in a row\) was called normal by alice on /),
    ]);
    expect(sentenceOf(found![0]!.evidence)).toMatch(/; up to 11 % \(.+\) was called normal by alice on [\d-]+; since /);
  });
});

test("an alarm of an hour that was called normal and stays as long again is normal, and that is told with who called it so", () => {
  const watching = burst(HOUR + 2);
  const before = expected(watching);
  say(watching, "expected");
  watching.pagesOf(HOUR - 2, 270, 30);
  expect(expected(watching)).toBe(before);
  const told = Array.from({ length: 4 }, () => {
    watching.page(270, 30);
    return watching.judges[0]!.rebaselined;
  });
  expect(told.flat()).toMatchObject([{ from: before, to: expect.closeTo(0.1, 2), by: "alice" }]);
  expect(watching.pagesOf(HOUR, 270, 30)).toEqual([[]]);
  expect(expected(watching)).toBeCloseTo(0.1, 2);
});

describe("a word on a blip of a minute", () => {
  /** A quiet model of which four pages failed altogether. */
  function blip(): Watching {
    const watching = new Watching(ratioRule());
    watching.pagesOf(HOUR, 10, 0);
    expect(watching.pagesOf(4, 0, 10)[0]).toHaveLength(1);
    say(watching, "false");
    return watching;
  }

  test("lets as little fail once more", () => {
    const watching = blip();
    watching.pagesOf(HOUR / 2, 10, 0);
    for (let i = 0; i < 4; i++) expect(watching.page(0, 20)).toEqual([[]]);
  });

  test("does not let a flood fail, not in its first scrape", () => {
    const watching = blip();
    watching.pagesOf(HOUR / 2, 10, 0);
    expect(watching.page(30, 270)[0]).toHaveLength(1);
    expect(watching.pagesOf(HOUR, 30, 270)[0]).toHaveLength(1);
    expect(expected(watching)).toBeLessThan(0.01);
  });

  test("does not let as little fail for longer than a quarter of an hour, nor makes it normal", () => {
    const watching = blip();
    for (let i = 0; i < 60; i++) expect(watching.page(0, 10)).toEqual([[]]);
    expect(watching.pagesOf(2, 0, 10)[0]).toHaveLength(1);
    expect(watching.pagesOf(3 * HOUR, 0, 10)[0]).toHaveLength(1);
    expect(expected(watching)).toBeLessThan(0.01);
  });

  test("does not let it fail again and again with pauses of a few minutes", () => {
    const watching = blip();
    const found: number[] = [];
    for (let i = 0; i < 12; i++) {
      for (let j = 0; j < 20; j++) found.push(watching.page(0, 10)[0]!.length);
      watching.pagesOf(40, 10, 0);
    }
    expect(found.indexOf(1)).toBeGreaterThanOrEqual(20);
    expect(found.indexOf(1)).toBeLessThan(70);
  });
});

test("what was called normal, was used up and is called normal again holds for twice as long as all of it", () => {
  const watching = burst();
  say(watching, "expected");
  expect(watching.pagesOf(70, 270, 30)[0]).toHaveLength(1);
  const said = say(watching, "expected");
  const seconds = 15 * (60 + 10);
  expect(said).toMatchObject({
    tolerances: [{ longest: expect.closeTo(2_000 * seconds, -5), learnedAfter: undefined }],
  });
});

test("against the slow reference what was called normal may last", () => {
  const watching = new Watching(ratioRule({ against: "anchor" }));
  watching.pagesOf(HOUR, 300, 0);
  vi.spyOn(watching.watch.detector, "judge").mockReturnValue(2);
  watching.pagesOf(4, 297, 3);
  const acknowledge = vi.spyOn(watching.watch.detector, "acknowledge");
  expect(say(watching, "true")).toEqual({ kind: "confirmed" });
  expect(acknowledge).not.toHaveBeenCalled();
  expect(say(watching, "expected")).toMatchObject({ tolerances: [{ longest: undefined, learnedAfter: undefined }] });
  expect(acknowledge).toHaveBeenCalledWith(watching.subject.row);
});

test("what was called normal and passes teaches nothing", () => {
  const watching = burst();
  const before = expected(watching);
  say(watching, "expected");
  watching.pagesOf(HOUR / 2, 270, 30);
  watching.pagesOf(HOUR, 300, 0);
  expect(expected(watching)).toBeLessThanOrEqual(before);
});

test("an alarm that was called true is never taken for normal, however long it lasts", () => {
  const [confirmed, usual] = [burst(), burst()];
  expect(say(confirmed, "true")).toEqual({ kind: "confirmed" });
  const before = expected(confirmed);
  for (const watching of [confirmed, usual]) watching.pagesOf(DAY - 10, 270, 30);
  expect(usual.judges[0]!.rebaselined).toEqual([]);
  const rebaselined = [confirmed, usual].map((watching) => {
    watching.page(270, 30);
    return watching.judges[0]!.rebaselined;
  });
  expect(rebaselined[0]).toEqual([]);
  expect(rebaselined[1]).toMatchObject([{ from: before, to: expect.closeTo(0.1, 1) }]);
  expect(confirmed.page(270, 30)[0]).toHaveLength(1);
  expect(expected(confirmed)).toBe(before);
});

test("while a confirmed alarm pauses nothing teaches", () => {
  const [confirmed, usual] = [burst(), burst()];
  say(confirmed, "true");
  const before = expected(confirmed);
  for (const watching of [confirmed, usual]) watching.pagesOf(55, 300, 0);
  expect(confirmed.states()).toEqual(["normal"]);
  expect(expected(confirmed)).toBe(before);
  expect(expected(usual)).not.toBe(before);
});

test("a climb that was called normal by mistake is one again once it is called true", () => {
  const fire = fireAt({ score: 1, min_bad: 5, above: 0.002, times: 1.3 });
  const watching = new Watching(ratioRule({ against: "anchor", fire }));
  watching.pagesOf(2 * DAY, 300, 1);
  const reference = expected(watching);
  // A fifth more every three hours.
  let pages = 0;
  while (watching.page(300, 1.2 ** (pages / 720))[0]!.length === 0 && pages < 2 * DAY) pages++;
  expect(pages).toBeLessThan(2 * DAY);
  const fresh = say(watching, "expected");
  expect(fresh.kind).toBe("tolerated");
  expect(expected(watching)).toBeGreaterThan(1.5 * reference);
  expect(watching.page(300, 3)[0]).toEqual([]);
  say(watching, "expected");
  expect(say(watching, "true")).toEqual({ kind: "confirmed" });
  expect(expected(watching)).toBeLessThan(1.2 * reference);
  expect(watching.page(300, 3)[0]).toHaveLength(1);
});

test("what was called true under one rule is taken for normal by no other rule of the watch", () => {
  const watching = new Watching(
    ratioRule(),
    ratioRule({ fire: fireAt({ score: 1, min_bad: 5, above: 0.05, times: 3 }) }),
  );
  watching.pagesOf(HOUR, 300, 0);
  const found = watching.pagesOf(10, 270, 30);
  expect(found.map((of) => of.length)).toEqual([1, 1]);
  say(watching, "true");
  const before = expected(watching);
  watching.pagesOf(DAY + 10, 270, 30);
  expect(watching.judges.flatMap((judge) => judge.rebaselined)).toEqual([]);
  expect(watching.page(270, 30).map((of) => of.length)).toEqual([1, 1]);
  expect(expected(watching)).toBe(before);
});

test("the last word stands: true takes back what was called normal", () => {
  const watching = burst();
  say(watching, "expected");
  watching.pagesOf(4, 270, 30);
  say(watching, "true");
  expect(watching.pagesOf(4, 270, 30)[0]).toHaveLength(1);
  expect([...watching.judges[0]!.judged()][0]!.tolerances).toEqual([]);
});

test("a subject that never alarmed has nothing to be learned", () => {
  const watching = new Watching(ratioRule());
  watching.pagesOf(10, 300, 0);
  expect(say(watching, "expected")).toEqual({ kind: "nothing", why: "no alarm of this subject is remembered" });
});

test("what was called normal goes on under the judge that takes another's place", () => {
  const watching = burst();
  say(watching, "expected");
  const heir = new Judge(ratioRule({ clear: { score: 0.4 } }), watching.watch, watching.judges[0]);
  expect([...heir.judged()][0]!.tolerances).toHaveLength(1);
});

test("far from its slow reference a subject is anomalous, but accused of nothing, and the reference follows nobody", () => {
  const watching = new Watching(ratioRule({ against: "anchor" }));
  watching.pagesOf(HOUR, 300, 0);
  vi.spyOn(watching.watch.detector, "judge").mockReturnValue(2);
  expect(watching.pagesOf(DAY + 10, 297, 3)[0]).toHaveLength(1);
  expect([watching.subject.accused, watching.subject.alarmed]).toEqual([false, false]);
  expect(watching.judges[0]!.rebaselined).toEqual([]);
});
