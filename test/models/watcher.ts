import { PageReader } from "../../src/exposition/page-reader.ts";
import type { ModelEvent } from "../../src/models/events.ts";
import type { Facts } from "../../src/models/facts.ts";
import { Inventory } from "../../src/models/inventory.ts";
import { MetricsFacts } from "../../src/models/metrics-facts.ts";
import { HistoryBudget } from "../../src/series/budget.ts";
import { Labels } from "../../src/series/labels.ts";
import { Table } from "../../src/series/table.ts";
import { durationMs, epochMs, MINUTE } from "../../src/series/time.ts";

/** Pages of one server as text, taken all the way to model events. */
export class Watcher {
  readonly table: Table;
  readonly inventory = new Inventory();
  readonly #facts: MetricsFacts;
  readonly #reader = new PageReader((series) => this.table.column(series));

  constructor(historyBytes = 1e6) {
    this.table = new Table(Labels.EMPTY, new HistoryBudget(historyBytes), durationMs(2 * MINUTE));
    this.#facts = new MetricsFacts(this.table);
  }

  /** The facts of a page. */
  facts(at: number, page: string): Facts {
    if (this.table.reclaim() > 0) this.#reader.forget();
    const read = this.#reader.read(new TextEncoder().encode(page));
    if (read.kind !== "page") throw new Error(read.why);
    const { columns, values, length } = read.page;
    return this.#facts.read(this.table.append(epochMs(at), columns, values, length, true));
  }

  look(at: number, page: string): readonly ModelEvent[] {
    return this.inventory.observe(this.facts(at, page), epochMs(at));
  }

  miss(at: number): void {
    this.table.append(epochMs(at), new Int32Array(0), new Float64Array(0), 0, false);
    this.inventory.miss();
  }
}
