import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { increase, lastInterval } from "../../src/signals/interval.ts";
import { Pages } from "./page.ts";

const interval = (pages: Pages, restarted = false) => lastInterval(pages.table, restarted);

describe("an interval", () => {
  test("the first page has none", () => {
    const pages = new Pages();
    pages.page({ up: 1 });
    expect(interval(pages)).toEqual({ row: 0, previous: -1, seconds: 0, kind: "first" });
  });

  test("reaches back to the page before, over failed scrapes too", () => {
    const pages = new Pages();
    pages.page({ up: 1 });
    pages.page({ up: 1 }, 5);
    expect(interval(pages)).toEqual({ row: 1, previous: 0, seconds: 5, kind: "plain" });
    pages.miss();
    pages.miss();
    pages.page({ up: 1 });
    expect(interval(pages)).toEqual({ row: 4, previous: 1, seconds: 45, kind: "gap" });
    pages.page({ up: 1 });
    expect(interval(pages, true)).toEqual({ row: 5, previous: 4, seconds: 15, kind: "restart" });
  });
});

describe("the increase of a counter", () => {
  /** Increases from page to page; undefined values are pages without the series, "miss" a failed scrape. */
  const increases = (values: readonly (number | undefined | "miss")[]) => {
    const pages = new Pages();
    const found: (number | undefined)[] = [];
    for (const value of values) {
      if (value === "miss") pages.miss();
      else pages.page(value === undefined ? { up: 1 } : { up: 1, c: value });
      if (value === "miss" || pages.table.newest === 0) continue;
      const column = pages.table.columns.findIndex((c) => c?.labels.metric === "c");
      found.push(column < 0 ? undefined : increase(pages.table, column, interval(pages)));
    }
    return found;
  };

  test.each([
    ["growth", [1, 4, 4, 9], [3, 0, 5]],
    ["a reset: it grew by what it shows", [100, 3, 5], [3, 2]],
    ["a birth: it grew by what it shows", [undefined, 7, 8], [7, 1]],
    ["a disappearance: nothing is known, then the growth since its last sample", [5, undefined, 6], [undefined, 1]],
    ["a failed scrape: the growth over both", [5, "miss", 9], [4]],
    [
      "NaN and infinity: nothing can be known, nor of the page after",
      [5, Number.NaN, 6, Number.POSITIVE_INFINITY, 7],
      [Number.NaN, Number.NaN, Number.NaN, Number.NaN],
    ],
    ["a negative counter: nothing can be known", [5, -3], [Number.NaN]],
  ] as const)("of %s", (_, values, wanted) => {
    expect(increases(values)).toEqual(wanted);
  });

  test("without resets the increases add up to last minus first", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.array(fc.nat(2 ** 31), { minLength: 1, maxLength: 40 }), (first, steps) => {
        let value = first;
        const values = [first, ...steps.map((step) => (value += step))];
        const sum = increases(values).reduce<number>((total, grown) => total + (grown ?? 0), 0);
        expect(sum).toBe(value - first);
      }),
      { numRuns: 50 },
    );
  });

  test("with resets it is never negative and never more than was counted", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 2, maxLength: 40 }), (values) => {
        increases(values).forEach((grown, i) => {
          expect(grown).toBeGreaterThanOrEqual(0);
          expect(grown).toBeLessThanOrEqual(values[i + 1]!);
        });
      }),
      { numRuns: 50 },
    );
  });
});
