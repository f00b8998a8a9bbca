import { HistoryBudget } from "./budget.ts";
import type { Labels } from "./labels.ts";
import type { Matcher } from "./matchers.ts";
import { Recorder } from "./recorder.ts";
import type { SeriesSource, SeriesView } from "./source.ts";
import { Table } from "./table.ts";
import { type DurationMs, durationMs } from "./time.ts";

/** Every sample in memory: a table for each target, and what we record ourselves. */
export class SeriesStore implements SeriesSource {
  readonly budget: HistoryBudget;
  readonly recorder = new Recorder();
  readonly #tables = new Map<string, Table>();
  readonly #selections = new WeakMap<readonly Matcher[], { shape: number; views: readonly SeriesView[] }>();
  #reach = durationMs(0);
  #tableShape = 0;

  /** @param historyBytes what the history of all targets may take beyond what rules need */
  constructor(historyBytes: number) {
    this.budget = new HistoryBudget(historyBytes);
  }

  /** How far back rules read; tables keep at least that much. */
  set reach(reach: DurationMs) {
    this.#reach = reach;
    this.recorder.reach = reach;
    for (const table of this.#tables.values()) table.reach = reach;
  }

  get reach(): DurationMs {
    return this.#reach;
  }

  /** The table of a target, made on first sight. */
  table(target: Labels): Table {
    let table = this.#tables.get(target.key);
    if (!table) {
      table = new Table(target, this.budget, this.#reach);
      this.#tables.set(target.key, table);
      this.#tableShape++;
    }
    return table;
  }

  tables(): Iterable<Table> {
    return this.#tables.values();
  }

  /** Cached by the identity of `matchers` until a series comes or goes. */
  select(matchers: readonly Matcher[]): readonly SeriesView[] {
    const shape = this.#shape();
    const known = this.#selections.get(matchers);
    if (known?.shape === shape) return known.views;
    const views: SeriesView[] = [];
    for (const table of this.#tables.values()) views.push(...table.views(matchers));
    views.push(...this.recorder.views(matchers));
    this.#selections.set(matchers, { shape, views });
    return views;
  }

  #shape(): number {
    let shape = this.#tableShape + this.recorder.shape;
    for (const table of this.#tables.values()) shape += table.shape;
    return shape;
  }
}
