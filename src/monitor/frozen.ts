import type { Table } from "../series/table.ts";
import { type Interval, increase } from "../signals/interval.ts";

/** Counters that move with every request, whatever becomes of it. */
const COUNTERS: ReadonlySet<string> = new Set([
  "nv_inference_request_success",
  "nv_inference_request_failure",
  "nv_inference_count",
  "nv_inference_exec_count",
  "nv_inference_request_duration_us",
]);
/** Counts of answers that do not stop when counters are switched off. */
const ANSWERS: ReadonlySet<string> = new Set([
  "nv_inference_first_response_histogram_ms_count",
  "nv_inference_request_summary_us_count",
]);
const QUEUE = "nv_inference_pending_request_count";
const GPU = "nv_gpu_utilization";
/** Part of a GPU above which it is at work. */
const BUSY = 0.05;

/** The metric families this reads. */
export const FROZEN_FAMILIES: readonly string[] = [...COUNTERS, ...ANSWERS, QUEUE, GPU];

/** What shows that work is done while no counter moves. */
export const WORK = ["histogram", "queue", "gpu"] as const;
export type Work = (typeof WORK)[number];

/** How many scrapes must show each kind of work: answers are proof, a queue that shrinks may be one slow batch. */
const FEWEST: Readonly<Record<Work, number>> = { histogram: 2, queue: 3, gpu: 3 };
const FEWEST_SCRAPES = 3;

/**
 * Watches one target for counters that stand still while work is visibly done: they were switched off
 * (`--metrics-config counter_latencies=false` stops every counter) or something holds them.
 */
export class FrozenCounters {
  #shape = -1;
  #counters: number[] = [];
  #columns: Record<Work, number[]> = { histogram: [], queue: [], gpu: [] };
  #scrapes = 0;
  #seconds = 0;
  #seen: Record<Work, number> = { histogram: 0, queue: 0, gpu: 0 };

  /** Takes the newest interval. */
  advance(table: Table, interval: Interval): void {
    if (this.#shape !== table.shape) this.#bind(table);
    if (interval.kind !== "plain" || this.#moved(table, interval)) {
      this.#scrapes = 0;
      this.#seconds = 0;
      for (const work of WORK) this.#seen[work] = 0;
      return;
    }
    this.#scrapes++;
    this.#seconds += interval.seconds;
    for (const work of WORK) {
      if (this.#columns[work].some((column) => worked(work, table, column, interval))) this.#seen[work]++;
    }
  }

  /** For how many seconds counters have stood still while this work went on; 0 where they do not. */
  seconds(work: Work): number {
    if (this.#scrapes < FEWEST_SCRAPES || this.#seen[work] < FEWEST[work]) return 0;
    // Other programs use the GPU too: only one that never rests says that this server is at work.
    return work === "gpu" && this.#seen.gpu < this.#scrapes ? 0 : this.#seconds;
  }

  #moved(table: Table, interval: Interval): boolean {
    return this.#counters.some((column) => {
      const now = table.value(column, interval.row);
      // A model that is gone moves nothing, and neither does a counter that shows NaN for ever.
      return now !== undefined && !Object.is(now, table.value(column, interval.previous));
    });
  }

  #bind(table: Table): void {
    this.#shape = table.shape;
    this.#counters = [];
    this.#columns = { histogram: [], queue: [], gpu: [] };
    table.columns.forEach((column, index) => {
      const family = column?.labels.metric ?? "";
      if (COUNTERS.has(family)) this.#counters.push(index);
      else if (ANSWERS.has(family)) this.#columns.histogram.push(index);
      else if (family === QUEUE) this.#columns.queue.push(index);
      else if (family === GPU) this.#columns.gpu.push(index);
    });
  }
}

function worked(work: Work, table: Table, column: number, interval: Interval): boolean {
  if (work === "histogram") return (increase(table, column, interval) ?? 0) > 0;
  const now = table.value(column, interval.row) ?? Number.NaN;
  return work === "gpu" ? now >= BUSY : now < (table.value(column, interval.previous) ?? Number.NaN);
}
