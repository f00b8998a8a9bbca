import fc from "fast-check";
import { expect, test } from "vitest";
import { HistoryBudget } from "../../src/series/budget.ts";
import { Labels } from "../../src/series/labels.ts";
import { Table } from "../../src/series/table.ts";
import { durationMs, epochMs } from "../../src/series/time.ts";
import { seriesNamed, TableModel } from "./table-model.ts";

const value = fc.oneof(fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0, -0), fc.double());
/** Mostly the same few series, sometimes a new one: pages of servers whose models come and go. */
const page = fc.uniqueArray(fc.tuple(fc.oneof(fc.nat(5), fc.nat(60)), value), {
  selector: ([name]) => name,
  maxLength: 8,
});
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant("scrape"), page, spacing: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("repeat"), page, times: fc.nat(80) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("fail"), times: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("reach"), reach: fc.nat(4_000) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("join"), tables: fc.nat(50) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant("look"),
      back: fc.nat(1_000),
      lookback: fc.integer({ min: 1, max: 500 }),
    }),
  },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

function run(commands: readonly Command[], model: TableModel, budget: HistoryBudget): void {
  for (const command of commands) {
    if ("spacing" in command) model.scrape(new Map(command.page), command.spacing);
    else if ("page" in command) for (let i = 0; i < command.times; i++) model.scrape(new Map(command.page), 15);
    else if ("times" in command) for (let i = 0; i < command.times; i++) model.scrape(new Map(), 15, false);
    else if ("reach" in command) model.table.reach = durationMs(command.reach);
    else if ("tables" in command) for (let i = 0; i < command.tables; i++) budget.join();
    else model.check(model.now - command.back, command.lookback);
  }
  model.check(model.now, 1_000_000);
}

test.each([
  ["with room for all history", 1e9, undefined],
  ["with little room", 20_000, undefined],
  ["with hardly any", 600, undefined],
  ["with few columns", 1e9, { columns: 12, rows: 64 }],
])("readers of a table see what an array of all rows shows, %s", (_, historyBytes, limits) => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
      const budget = new HistoryBudget(historyBytes);
      run(commands, new TableModel(budget, 0, limits), budget);
    }),
    { numRuns: 100 },
  );
});

test("a table reaches back as far as rules read, however little history it is allowed", () => {
  fc.assert(
    fc.property(fc.nat(20_000), fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 300 }), (reach, spacings) => {
      const model = new TableModel(new HistoryBudget(0), reach);
      for (const spacing of spacings) model.scrape(new Map([[1, 1]]), spacing);
      const first = model.rows[model.table.oldest - 1];
      if (first) expect(model.now - first.at).toBeGreaterThanOrEqual(reach);
    }),
  );
});

const NONE = { columns: new Int32Array(0), values: new Float64Array(0) };

test("time must move forward", () => {
  const table = new Table(Labels.EMPTY, new HistoryBudget(1e6), durationMs(0));
  table.append(epochMs(5), NONE.columns, NONE.values, 0, true);
  expect(() => table.append(epochMs(5), NONE.columns, NONE.values, 0, true)).toThrow(RangeError);
});

test("a series in a failed row is stale, a series put there is not", () => {
  const model = new TableModel();
  model.scrape(new Map([[1, 7]]), 10);
  model.scrape(new Map(), 10, false);
  const { table } = model;
  expect(table.value(table.column(seriesNamed(1)), 1)).toBeUndefined();
  expect(table.value(table.column(seriesNamed(1)), 0)).toBe(7);
  const up = table.column(seriesNamed(2));
  table.put(up, 0);
  table.put(up, Number.NaN);
  expect(table.value(up, 1)).toBeNaN();
  expect(table.value(up, 0)).toBeUndefined();
});

test("the number of a column keeps its series until reclaim gives it away, whatever comes between", () => {
  const model = new TableModel(new HistoryBudget(3_000, 24_000), 0, { columns: 8, rows: 64 });
  model.scrape(new Map([[1, 1]]), 15);
  const { table } = model;
  const column = table.column(seriesNamed(1));
  for (let i = 0; i < 1_000; i++) {
    table.append(epochMs(1_000 + i), NONE.columns, NONE.values, 0, i % 3 > 0);
    for (let name = 10; name < 30; name++) table.column(seriesNamed(i * 100 + name));
    expect(table.columns[column]?.labels.key).toBe(seriesNamed(1).key);
  }
  expect(table.refused).toBeGreaterThan(0);
  expect(table.reclaim()).toBeGreaterThan(0);
  expect(table.columns[column]).toBeUndefined();
});

test("a full table gives the places of absent series to new ones at the next reclaim, never those of present ones", () => {
  const model = new TableModel(new HistoryBudget(1e9), 0, { columns: 10, rows: 64 });
  const crowd = (from: number) => new Map(Array.from({ length: 9 }, (_, i) => [from + i, 1] as const));
  model.scrape(new Map([[1, 1], ...crowd(100)]), 15);
  model.scrape(new Map([[1, 2], ...crowd(200)]), 15);
  expect(model.table.size).toBe(10);
  model.scrape(new Map([[1, 3], ...crowd(200)]), 15);
  model.check(model.now, 1);
  expect(model.table.size).toBe(10);
  expect(model.rows.at(-1)!.samples.size).toBe(10);
});

test("a server with new series at each scrape takes no more than its bounds", () => {
  const budget = new HistoryBudget(100_000, 800_000);
  const model = new TableModel(budget, 1_000_000, { columns: 5_000, rows: 4_096 });
  for (let scrape = 0; scrape < 200; scrape++) {
    model.scrape(new Map(Array.from({ length: 1_000 }, (_, i) => [scrape * 1_000 + i, 1] as const)), 15);
    expect(model.table.size).toBeLessThanOrEqual(5_000);
    expect(budget.bytes).toBeLessThanOrEqual(800_000);
    expect(budget.bytes).toBe(model.table.bytes);
  }
});

test("what a table accounted for it gives back", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 15 }), fc.constantFrom(1e9, 20_000), (commands, limit) => {
      const budget = new HistoryBudget(limit);
      const model = new TableModel(budget, 0, { columns: 20, rows: 256 });
      run(commands, model, budget);
      model.table.close();
      expect(budget.bytes).toBe(0);
    }),
    { numRuns: 50 },
  );
});

test("of series that are not on the page any more no more are kept than may be, the newest ones, and none that is there goes", () => {
  const table = new Table(Labels.of({ instance: "a" }), new HistoryBudget(1e9), durationMs(1e9), {
    columns: 1_000,
    rows: 64,
    absent: 20,
  });
  const name = (row: number, i: number) => Labels.of({ __name__: "x", i: `${row}-${i}` });
  for (let row = 0; row < 50; row++) {
    table.reclaim();
    expect(table.size).toBeLessThanOrEqual(20 + 10);
    const columns = Int32Array.from({ length: 10 }, (_, i) => table.column(i === 0 ? name(0, 0) : name(row, i)));
    table.append(epochMs(1_000 * (row + 1)), columns, new Float64Array(10), 10, true);
  }
  const held = new Set(table.columns.flatMap((column) => (column ? [column.labels.get("i")] : [])));
  expect([held.has("0-0"), held.has("49-1"), held.has("48-1"), held.has("40-1")]).toEqual([true, true, true, false]);
});
