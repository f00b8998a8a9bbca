import { describe, expect, test } from "vitest";
import type { Reading } from "../../src/series/reading.ts";
import { SignalBinding, selectorsOf } from "../../src/signals/binding.ts";
import { type Interval, lastInterval } from "../../src/signals/interval.ts";
import type { SeriesSignal } from "../../src/signals/types.ts";
import { Pages, select } from "./page.ts";

const RATIO: SeriesSignal = { kind: "ratio", bad: [select("bad")], total: [select("good"), select("bad")] };
const RATE: SeriesSignal = { kind: "rate", of: [select("good"), select("bad")] };
const MEAN: SeriesSignal = { kind: "mean", sum: [select("sum")], count: [select("good")], minus: [select("hits")] };
const LEVEL: SeriesSignal = { kind: "level", value: [select("used")], of: [select("total")] };
const BARE: SeriesSignal = { kind: "level", value: [select("used")], of: [] };

/** What every subject reads after each page: "numerator/denominator", "unknown" or "absent". */
function read(signal: SeriesSignal, pages: Pages, restarted = false, by = ["model"]): Record<string, string> {
  const binding = new SignalBinding(signal, by, pages.table);
  const reading: Reading = { at: 0, seconds: 0, numerator: 0, denominator: 0 };
  const interval: Interval = lastInterval(pages.table, restarted);
  return Object.fromEntries(
    binding.subjects().map((subject) => {
      const outcome = binding.read(subject, interval, reading);
      const read = outcome === "read" ? `${reading.numerator}/${reading.denominator}` : outcome;
      return [subject.labels.get("model") ?? "", read];
    }),
  );
}

function two(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): Pages {
  const pages = new Pages();
  pages.page(before);
  pages.page(after);
  return pages;
}

describe("a subject", () => {
  test("is one combination of the labels asked for; the others are summed away", () => {
    const pages = two(
      { "good{model=a}": 10, "bad{model=a,reason=X}": 1, "bad{model=a,reason=Y}": 2, "good{model=b}": 5 },
      { "good{model=a}": 30, "bad{model=a,reason=X}": 4, "bad{model=a,reason=Y}": 2, "good{model=b}": 6 },
    );
    expect(read(RATIO, pages)).toEqual({ a: "3/23" });
    expect(read(RATE, pages)).toEqual({ a: "23/15", b: "1/15" });
    expect(read(RATE, pages, false, [])).toEqual({ "": "24/15" });
  });

  test("is looked up again when the table's shape changes", () => {
    const pages = two({ "good{model=a}": 1 }, { "good{model=a}": 2 });
    const binding = new SignalBinding(RATE, ["model"], pages.table);
    const before = binding.subjects();
    expect(binding.subjects()).toBe(before);
    pages.page({ "good{model=a}": 3, "good{model=b}": 3 });
    expect(binding.subjects().map((subject) => subject.labels.get("model"))).toEqual(["a", "b"]);
  });
});

describe("a subject is there while its first selector's series are", () => {
  test("so a model that is gone and left its failure counters behind is no model without traffic", () => {
    const pages = two({ "good{model=a}": 10, "bad{model=a}": 1 }, { "bad{model=a}": 1 });
    expect([read(RATE, pages), read(RATIO, pages)]).toEqual([{ a: "absent" }, { a: "absent" }]);
  });

  test("and one that only ever showed failures is no subject", () => {
    expect(read(RATE, two({ "bad{model=a}": 1 }, { "bad{model=a}": 4 }))).toEqual({});
  });
});

describe("a reading", () => {
  test("of counters needs a page before", () => {
    const pages = new Pages();
    pages.page({ "good{model=a}": 10, "bad{model=a}": 0, "used{model=a}": 3 });
    expect([read(RATIO, pages), read(RATE, pages), read(BARE, pages)]).toEqual([
      { a: "unknown" },
      { a: "unknown" },
      { a: "3/1" },
    ]);
  });

  test("of counters says nothing across a restart", () => {
    const pages = two({ "good{model=a}": 10, "bad{model=a}": 9 }, { "good{model=a}": 30, "bad{model=a}": 1 });
    expect([read(RATIO, pages, true), read(RATE, pages, true)]).toEqual([{ a: "unknown" }, { a: "unknown" }]);
  });

  test("of counters reaches over a gap, a rate with the seconds it really took", () => {
    const pages = new Pages();
    pages.page({ "good{model=a}": 10, "bad{model=a}": 0 });
    pages.miss();
    pages.page({ "good{model=a}": 20, "bad{model=a}": 5 });
    expect([read(RATIO, pages), read(RATE, pages)]).toEqual([{ a: "5/15" }, { a: "15/30" }]);
  });

  test.each([
    [39, { a: "15/600" }],
    [40, { a: "unknown" }],
  ])("of a rate reaches over ten minutes at most: %d failed scrapes", (missed, seen) => {
    const pages = new Pages();
    pages.page({ "good{model=a}": 10, "bad{model=a}": 0 });
    for (let i = 0; i < missed; i++) pages.miss();
    pages.page({ "good{model=a}": 20, "bad{model=a}": 5 });
    expect(read(RATE, pages)).toEqual(seen);
  });

  test("of a ratio reaches over any gap: what failed meanwhile is counted", () => {
    const pages = new Pages();
    pages.page({ "good{model=a}": 10, "bad{model=a}": 0 });
    for (let i = 0; i < 400; i++) pages.miss();
    pages.page({ "good{model=a}": 20, "bad{model=a}": 5 });
    expect(read(RATIO, pages)).toEqual({ a: "5/15" });
  });

  test("counts a failure series that was just born", () => {
    const pages = two({ "good{model=a}": 10 }, { "good{model=a}": 10, "bad{model=a}": 7 });
    expect(read(RATIO, pages)).toEqual({ a: "7/7" });
  });

  test("of a ratio without bad series now has none of them", () => {
    const pages = two({ "good{model=a}": 10, "bad{model=a}": 1 }, { "good{model=a}": 15 });
    expect(read(RATIO, pages)).toEqual({ a: "0/5" });
  });

  test("of series that are gone is absent", () => {
    const pages = two({ "good{model=a}": 10, "used{model=a}": 1, other: 1 }, { other: 1 });
    expect([read(RATE, pages), read(BARE, pages)]).toEqual([{ a: "absent" }, { a: "absent" }]);
  });

  test("of a mean takes off what a cache answered", () => {
    const pages = two(
      { "sum{model=a}": 100, "good{model=a}": 10, "hits{model=a}": 1 },
      { "sum{model=a}": 400, "good{model=a}": 20, "hits{model=a}": 5 },
    );
    expect(read(MEAN, pages)).toEqual({ a: "300/6" });
  });

  test("of a mean with more hits than requests is unknown, without hits it is plain", () => {
    const odd = two(
      { "sum{model=a}": 1, "good{model=a}": 1, "hits{model=a}": 1 },
      { "sum{model=a}": 2, "good{model=a}": 2, "hits{model=a}": 9 },
    );
    expect(read(MEAN, odd)).toEqual({ a: "unknown" });
    const plain = two({ "sum{model=a}": 1, "good{model=a}": 1 }, { "sum{model=a}": 9, "good{model=a}": 3 });
    expect(read(MEAN, plain)).toEqual({ a: "8/2" });
  });

  test("of a level is a part of its bound; a bound of 0 is not filled yet", () => {
    const pages = two({ "used{model=a}": 1, "total{model=a}": 0 }, { "used{model=a}": 3, "total{model=a}": 4 });
    expect(read(LEVEL, pages)).toEqual({ a: "3/4" });
    const empty = two({ "used{model=a}": 1, "total{model=a}": 4 }, { "used{model=a}": 0, "total{model=a}": 0 });
    expect(read(LEVEL, empty)).toEqual({ a: "unknown" });
  });

  test("of a ratio whose failures show no number is unknown: no failure seen is not none", () => {
    const pages = two({ "good{model=a}": 0, "bad{model=a}": 0 }, { "good{model=a}": 9, "bad{model=a}": Number.NaN });
    expect(read(RATIO, pages)).toEqual({ a: "unknown" });
  });

  test("is bounded, and knows nothing of what is no number", () => {
    const huge = two({ "good{model=a}": 0 }, { "good{model=a}": 1e300 });
    expect(read(RATE, huge)).toEqual({ a: `${2 ** 64}/15` });
    const infinite = two({ "used{model=a}": 1 }, { "used{model=a}": Number.POSITIVE_INFINITY });
    expect(read(BARE, infinite)).toEqual({ a: "unknown" });
  });
});

test("every selector of a signal is listed, for what a page must keep", () => {
  expect(selectorsOf(MEAN).map((selector) => selector.text)).toEqual(["sum", "good", "hits"]);
});
