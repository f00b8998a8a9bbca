import { HistoryBudget } from "./budget.ts";
import type { Labels } from "./labels.ts";
import type { Matcher } from "./matchers.ts";
import { Recorder } from "./recorder.ts";
import type { SeriesSource, SeriesView } from "./source.ts";
import { Table } from "./table.ts";
import { type DurationMs, durationMs, type EpochMs } from "./time.ts";

/** Every sample in memory: a table for each target, and what we record ourselves. */
export class SeriesStore implements SeriesSource {
  readonly budget: HistoryBudget;
  readonly recorder = new Recorder();
  readonly #tables = new Map<string, Table>();
  readonly #selections = new WeakMap<readonly Matcher[], { shape: number; views: readonly SeriesView[] }>();
  #reach = durationMs(0);
  #tableShape = 0;
  /** What tables that are gone had refused. */
  #refused = 0;

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

  /** Forgets a target that is watched no longer. */
  drop(target: Labels): void {
    const table = this.#tables.get(target.key);
    if (!table || !this.#tables.delete(target.key)) return;
    table.close();
    this.#refused += table.refused;
    // The sum of all shapes must not come back to where it was.
    this.#tableShape += table.shape + 1;
  }

  /** Cached by the identity of `matchers` until a series comes or goes. */
  select(matchers: readonly Matcher[]): readonly SeriesView[] {
    const shape = this.#shape();
    const known = this.#selections.get(matchers);
    if (known?.shape === shape) return known.views;
    const views: SeriesView[] = [];
    for (const table of this.#tables.values()) for (const view of table.views(matchers)) views.push(view);
    for (const view of this.recorder.views(matchers)) views.push(view);
    this.#selections.set(matchers, { shape, views });
    return views;
  }

  /** How often a series of a target was refused because there was no room for it. */
  get refused(): number {
    let refused = this.#refused;
    for (const table of this.#tables.values()) refused += table.refused;
    return refused;
  }

  /** The memory of all samples and their labels. */
  get bytes(): number {
    return this.budget.bytes + this.recorder.bytes;
  }

  /**
   * How far back history reaches: for the target that reaches least far, those left out that still have all they ever saw.
   * Where that is every target, the longest.
   */
  historyReach(now: EpochMs): DurationMs {
    let shortest = Number.POSITIVE_INFINITY;
    let longest = 0;
    for (const table of this.#tables.values()) {
      const age = now - (table.since ?? now);
      longest = Math.max(longest, age);
      if (table.oldest > 0) shortest = Math.min(shortest, age);
    }
    return durationMs(Math.min(shortest, longest));
  }

  #shape(): number {
    let shape = this.#tableShape + this.recorder.shape;
    for (const table of this.#tables.values()) shape += table.shape;
    return shape;
  }
}
