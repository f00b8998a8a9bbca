import { expect } from "vitest";
import { HistoryBudget } from "../../src/series/budget.ts";
import { Labels } from "../../src/series/labels.ts";
import type { Matcher } from "../../src/series/matchers.ts";
import { type Point, PointBuffer } from "../../src/series/source.ts";
import { Table, type TableLimits } from "../../src/series/table.ts";
import { durationMs, epochMs } from "../../src/series/time.ts";

const ALL: readonly Matcher[] = [];
export const seriesNamed = (name: number): Labels => Labels.of({ __name__: "x", series: `${name}` });

/** A table beside an array of everything it was ever told, and a reader that remembers numbers of columns. */
export class TableModel {
  readonly table: Table;
  readonly rows: { readonly at: number; readonly good: boolean; readonly samples: Map<string, number> }[] = [];
  readonly #known = new Map<string, number>();
  #at = 0;

  constructor(budget: HistoryBudget = new HistoryBudget(1e9), reach = 0, limits?: TableLimits) {
    this.table = new Table(Labels.EMPTY, budget, durationMs(reach), limits);
  }

  /** A scrape; a page that repeats a series does not come this far. */
  scrape(samples: ReadonlyMap<number, number>, spacing: number, good = true): void {
    if (this.table.reclaim() > 0) this.#forget();
    const columns: number[] = [];
    const values: number[] = [];
    const kept = new Map<string, number>();
    for (const [name, value] of samples) {
      const column = this.#column(name);
      if (column < 0) continue;
      columns.push(column);
      values.push(value);
      kept.set(seriesNamed(name).key, value);
    }
    this.#at += spacing;
    this.table.append(epochMs(this.#at), Int32Array.from(columns), Float64Array.from(values), columns.length, good);
    this.rows.push({ at: this.#at, good, samples: kept });
  }

  /** Everything a reader sees, at and around an instant, is what the array says. */
  check(at: number, lookback: number): void {
    const { table } = this;
    const held = this.rows.slice(table.oldest);
    const views = new Map(table.views(ALL).map((view) => [view.labels.key, view]));
    const names = new Set(held.flatMap((row) => [...row.samples.keys()]));
    for (const name of names) {
      const view = views.get(name);
      expect(view, `the series ${name} is held`).toBeDefined();
      const point: Point = { time: Number.NaN, value: Number.NaN };
      const newest = held.findLast((row) => row.at <= at);
      const expected = newest && newest.at > at - lookback ? newest.samples.get(name) : undefined;
      const found = view!.latest(epochMs(at), durationMs(lookback), point);
      expect(found ? [point.time, point.value] : undefined).toEqual(
        expected === undefined ? undefined : [newest!.at, expected],
      );
      const points = new PointBuffer();
      view!.range(epochMs(at - lookback), epochMs(at), points);
      const inRange = held.filter((row) => row.at > at - lookback && row.at <= at && row.samples.has(name));
      expect([...points.times.slice(0, points.length)]).toEqual(inRange.map((row) => row.at));
      expect([...points.values.slice(0, points.length)]).toEqual(inRange.map((row) => row.samples.get(name)));
    }
    for (const [i, row] of held.entries()) {
      expect(table.isGood(table.oldest + i)).toBe(row.good);
      expect(table.time(table.oldest + i)).toBe(row.at);
    }
  }

  get now(): number {
    return this.#at;
  }

  /** Columns were freed: numbers mean nothing any more, and of series that went nothing is left. */
  #forget(): void {
    this.#known.clear();
    const held = new Set(this.table.views(ALL).map((view) => view.labels.key));
    for (const [number, row] of this.rows.entries()) {
      for (const name of row.samples.keys()) {
        if (held.has(name)) continue;
        if (this.table.refused === 0) expect(number, "only what no row shows may go").toBeLessThan(this.table.oldest);
        row.samples.delete(name);
      }
    }
  }

  #column(name: number): number {
    let column = this.#known.get(`${name}`);
    if (column === undefined) {
      column = this.table.column(seriesNamed(name));
      this.#known.set(`${name}`, column);
    }
    return column;
  }
}
