import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitOf } from "../../src/signals/split.ts";
import { Pages } from "./page.ts";

/** Pages of failure counters by their labels, "reason=BACKEND" or more of them. */
function failures(...pages: readonly Readonly<Record<string, number>>[]) {
  const written = new Pages();
  for (const page of pages) {
    written.page({
      up: 1,
      ...Object.fromEntries(Object.entries(page).map(([labels, value]) => [`bad{model=a,${labels}}`, value])),
    });
  }
  const columns = written.table.columns.flatMap((column, i) => (column?.labels.metric === "bad" ? [i] : []));
  return { ...written, table: written.table, columns };
}

const BY = ["instance", "model"];

describe("a count is divided among the values of a label", () => {
  test("over exactly the intervals in which it was counted", () => {
    const { table, columns } = failures(
      { "reason=BACKEND": 100, "reason=REJECTED": 50 },
      { "reason=BACKEND": 140, "reason=REJECTED": 50 },
      { "reason=BACKEND": 148, "reason=REJECTED": 52 },
      { "reason=BACKEND": 152, "reason=REJECTED": 53 },
    );
    const counts = (amount: number) => splitOf(table, columns, BY, amount)?.counts;
    expect(counts(5)).toEqual([
      ["BACKEND", 4],
      ["REJECTED", 1],
    ]);
    expect(counts(15)).toEqual([
      ["BACKEND", 12],
      ["REJECTED", 3],
    ]);
    expect(counts(55)).toEqual([
      ["BACKEND", 52],
      ["REJECTED", 3],
    ]);
  });

  test("over exactly those intervals, however many they are and wherever pages are missing", () => {
    const growths = fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.boolean()), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(growths, fc.nat(119), (pages, first) => {
        const written = new Pages();
        let [a, b] = [10, 10];
        written.page({ "bad{model=a,reason=A}": a, "bad{model=a,reason=B}": b });
        for (const [more, others, missed] of pages) {
          if (missed) written.miss();
          a += more;
          b += others;
          written.page({ "bad{model=a,reason=A}": a, "bad{model=a,reason=B}": b });
        }
        const window = pages.slice(Math.min(first, pages.length - 1));
        const sums = [0, 1].map((i) => window.reduce((sum, page) => sum + Number(page[i as 0 | 1]), 0));
        const columns = written.table.columns.map((_, i) => i);
        const split = splitOf(written.table, columns, BY, sums[0]! + sums[1]!);
        const counts = new Map(split?.counts);
        expect([counts.get("A") ?? 0, counts.get("B") ?? 0]).toEqual(sums);
      }),
    );
  });

  test("up to a time, whatever came after it", () => {
    const written = failures(
      { "reason=A": 0, "reason=B": 0 },
      { "reason=A": 4, "reason=B": 1 },
      { "reason=A": 4, "reason=B": 3 },
      { "reason=A": 4, "reason=B": 50 },
    );
    const { table, columns } = written;
    const until = table.time(table.newest - 1);
    expect(splitOf(table, columns, BY, 2, until)?.counts).toEqual([["B", 2]]);
    expect(splitOf(table, columns, BY, 7, until)?.counts).toEqual([
      ["A", 4],
      ["B", 3],
    ]);
    expect(splitOf(table, columns, BY, 7, table.time(table.oldest) - 1)).toBeUndefined();
  });

  test("of which a counter just born, and one that was reset, counted all they show", () => {
    const { table, columns } = failures({ "reason=A": 100 }, { "reason=A": 2, "reason=B": 7 });
    expect(splitOf(table, columns, BY, 9)).toEqual({
      label: "reason",
      counts: [
        ["B", 7],
        ["A", 2],
      ],
      other: 0,
    });
  });

  test("the reason before any other, else that with the most values", () => {
    const of = (...series: readonly string[]) => {
      const page = (value: number) => Object.fromEntries(series.map((labels) => [labels, value]));
      const { table, columns } = failures(page(0), page(1));
      return splitOf(table, columns, BY, series.length)?.label;
    };
    expect(of("reason=A,gpu=1", "reason=A,gpu=2")).toBe("reason");
    expect(of("zone=x,gpu=1", "zone=x,gpu=2", "zone=y,gpu=3")).toBe("gpu");
    expect(of("zone=x")).toBeUndefined();
    // Not each of them has it.
    expect(of("reason=A", "gpu=1")).toBeUndefined();
  });

  test("of which the eight largest are told, and the rest together", () => {
    const page = (factor: number) =>
      Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`reason=r${i}`, factor * (i + 1)]));
    const { table, columns } = failures(page(0), page(1));
    const split = splitOf(table, columns, BY, 66);
    expect(split?.counts.map(([value]) => value)).toEqual(["r10", "r9", "r8", "r7", "r6", "r5", "r4", "r3"]);
    expect(split?.other).toBe(1 + 2 + 3);
  });

  test("cut where it is too long for a sentence", () => {
    const { table, columns } = failures({ [`reason=${"x".repeat(500)}`]: 0 }, { [`reason=${"x".repeat(500)}`]: 5 });
    expect(splitOf(table, columns, BY, 5)?.counts.map(([value]) => value.length)).toEqual([101]);
  });
});

describe("nothing is said", () => {
  test("where nothing was counted, or no interval is held", () => {
    const still = failures({ "reason=A": 3 }, { "reason=A": 3 });
    expect(splitOf(still.table, still.columns, BY, 0)).toBeUndefined();
    expect(splitOf(still.table, still.columns, BY, 4)).toBeUndefined();
    const first = failures({ "reason=A": 3 });
    expect(splitOf(first.table, first.columns, BY, 3)).toBeUndefined();
  });

  test("of values that no counter shows", () => {
    const { table, columns } = failures({ "reason=A": 1, "reason=B": 1 }, { "reason=A": Number.NaN, "reason=B": 3 });
    expect(splitOf(table, columns, BY, 9)?.counts).toEqual([["B", 2]]);
  });
});
