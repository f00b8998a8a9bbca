import type { ModelEvent } from "../models/events.ts";
import type { Labels } from "../series/labels.ts";
import type { Table } from "../series/table.ts";
import type { Interval } from "../signals/interval.ts";

/** Triton's own counters; what a backend registers is its own affair. */
const COUNTERS: ReadonlySet<string> = new Set([
  "nv_inference_request_success",
  "nv_inference_request_failure",
  "nv_inference_count",
  "nv_inference_exec_count",
  "nv_inference_request_duration_us",
  "nv_inference_queue_duration_us",
  "nv_inference_compute_input_duration_us",
  "nv_inference_compute_infer_duration_us",
  "nv_inference_compute_output_duration_us",
  "nv_energy_consumption",
]);

/**
 * Counts counters that went back though neither the server restarted nor their model was loaded again: nothing Triton does
 * by itself.
 */
export class Regressions {
  #shape = -1;
  #counters: number[] = [];

  count(table: Table, interval: Interval, events: readonly ModelEvent[]): number {
    if (this.#shape !== table.shape) this.#bind(table);
    if (interval.kind !== "plain" && interval.kind !== "gap") return 0;
    let count = 0;
    for (const column of this.#counters) {
      const now = table.value(column, interval.row);
      const before = table.value(column, interval.previous);
      if (now === undefined || before === undefined || !(now < before)) continue;
      if (!explained(table.columns[column]!.labels, events)) count++;
    }
    return count;
  }

  #bind(table: Table): void {
    this.#shape = table.shape;
    this.#counters = [];
    table.columns.forEach((column, index) => {
      if (column && COUNTERS.has(column.labels.metric)) this.#counters.push(index);
    });
  }
}

/** Whether a model event of this interval accounts for a counter that starts over. Failures outlive every load. */
function explained(series: Labels, events: readonly ModelEvent[]): boolean {
  if (series.metric === "nv_inference_request_failure") return false;
  return events.some(
    (event) =>
      (event.kind === "loaded" || event.kind === "reloaded" || event.kind === "version_changed") &&
      event.id.pairs.every(([name, value]) => series.get(name) === value),
  );
}
