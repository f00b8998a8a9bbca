import { expect, test } from "vitest";
import { Labels } from "../../src/series/labels.ts";
import { matcher } from "../../src/series/matchers.ts";
import { SeriesStore } from "../../src/series/store.ts";
import type { Table } from "../../src/series/table.ts";
import { durationMs, epochMs, MINUTE } from "../../src/series/time.ts";

const target = (i: number) => Labels.of({ job: "triton", instance: `t${i}:8002` });

/** Appends rows of `series` series, a second apart. */
function scrape(table: Table, from: number, rows: number, series: number): void {
  const columns = Int32Array.from({ length: series }, (_, i) => table.column(Labels.of({ __name__: "x", i: `${i}` })));
  const values = new Float64Array(series);
  for (let row = 0; row < rows; row++) table.append(epochMs((from + row) * 1_000), columns, values, series, true);
}

test("one target takes all the history there is, a hundred share it", () => {
  const store = new SeriesStore(200_000);
  store.reach = durationMs(60_000);
  scrape(store.table(target(0)), 1, 5_000, 10);
  expect(store.table(target(0)).times.length).toBe(2_048);
  for (let i = 1; i < 100; i++) store.table(target(i));
  for (let second = 5_001; second < 5_400; second++) {
    for (const table of store.tables()) scrape(table, second, 1, 10);
  }
  const held = [...store.tables()].map((table) => table.times.length);
  // 64 rows of 10 series are 5 kB, what rules need; nobody holds much more than that.
  expect(Math.min(...held)).toBeGreaterThanOrEqual(64);
  expect(Math.max(...held)).toBe(64);
  expect(store.historyReach(epochMs(5_399_000))).toBeGreaterThanOrEqual(60_000);
});

test("small targets leave their share to a large one", () => {
  const store = new SeriesStore(4_000_000);
  for (let i = 0; i < 100; i++) scrape(store.table(target(i)), 1, 10, 1);
  const large = store.table(target(100));
  scrape(large, 1, 20_000, 10);
  expect(large.bytes).toBeGreaterThan(1_000_000);
  expect(store.bytes).toBeLessThan(4_000_000);
});

test("history reaches back to the oldest row held, of the target that reaches least far", () => {
  const store = new SeriesStore(1);
  expect(store.historyReach(epochMs(9))).toBe(0);
  scrape(store.table(target(0)), 100, 5, 1);
  expect(store.historyReach(epochMs(110_000))).toBe(10_000);
  scrape(store.table(target(1)), 50, 50, 1);
  expect(store.table(target(1)).since).toBe(84_000);
  expect(store.historyReach(epochMs(110_000))).toBe(26_000);
  scrape(store.table(target(1)), 100, 5, 1);
  expect(store.historyReach(epochMs(110_000))).toBe(21_000);
});

test("a selection is the same object until a series comes or goes", () => {
  const store = new SeriesStore(1e6);
  store.reach = durationMs(MINUTE);
  const matchers = [matcher("__name__", "=", "x")];
  scrape(store.table(target(0)), 1, 1, 2);
  const first = store.select(matchers);
  expect(first).toHaveLength(2);
  scrape(store.table(target(0)), 2, 1, 2);
  expect(store.select(matchers)).toBe(first);
  scrape(store.table(target(1)), 2, 1, 3);
  expect(store.select(matchers)).toHaveLength(5);
  store.recorder.record(Labels.of({ __name__: "x" }), epochMs(1), 1);
  expect(store.select(matchers)).toHaveLength(6);
  store.drop(target(0));
  expect(store.select(matchers)).toHaveLength(4);
});

test("a target that is dropped gives its memory back", () => {
  const store = new SeriesStore(1e6);
  scrape(store.table(target(0)), 1, 100, 5);
  const alone = store.bytes;
  scrape(store.table(target(1)), 1, 100, 5);
  store.drop(target(1));
  store.drop(target(1));
  expect(store.bytes).toBe(alone);
});
