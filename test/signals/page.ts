import { HistoryBudget } from "../../src/series/budget.ts";
import { Labels } from "../../src/series/labels.ts";
import { matcher } from "../../src/series/matchers.ts";
import { Table } from "../../src/series/table.ts";
import { durationMs, type EpochMs, epochMs } from "../../src/series/time.ts";
import type { Selector } from "../../src/signals/types.ts";

const START = Date.UTC(2026, 0, 5);

/** One target's samples, written page by page; a page maps "name{label=value,…}" to a value. */
export class Pages {
  readonly table = new Table(Labels.from([["instance", "h:8002"]]), new HistoryBudget(1e6), durationMs(600_000));
  at: EpochMs = epochMs(START);

  page(values: Readonly<Record<string, number>>, seconds = 15): void {
    this.at = epochMs(this.at + seconds * 1000);
    const entries = Object.entries(values);
    const columns = Int32Array.from(entries.map(([series]) => this.table.column(seriesOf(series))));
    this.table.append(this.at, columns, Float64Array.from(entries.map(([, value]) => value)), entries.length, true);
  }

  /** A scrape that failed. */
  miss(seconds = 15): void {
    this.at = epochMs(this.at + seconds * 1000);
    this.table.append(this.at, new Int32Array(0), new Float64Array(0), 0, false);
  }
}

/** "name{a=b,c=d}" as labels. */
function seriesOf(text: string): Labels {
  const [name, rest = ""] = text.replace("}", "").split("{") as [string, string?];
  const pairs = rest === "" ? [] : rest.split(",").map((pair) => pair.split("=") as [string, string]);
  return Labels.from([["__name__", name], ["instance", "h:8002"], ...pairs]);
}

export const select = (name: string): Selector => ({ text: name, matchers: [matcher("__name__", "=", name)] });
