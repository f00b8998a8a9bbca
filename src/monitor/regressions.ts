import { isLoad, type ModelEvent } from "../models/events.ts";
import { modelId } from "../models/metrics-facts.ts";
import type { Labels } from "../series/labels.ts";
import type { Table } from "../series/table.ts";
import { counted, type Interval } from "../signals/interval.ts";
import type { ScrapeProblem } from "./events.ts";
import { seriesProblem } from "./scrape-problems.ts";

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

/** Counters of a page that are told. */
const MOST_TOLD = 5;

/** Counters of one page that do what Triton's never do. */
interface Regressed {
  readonly count: number;
  /** The first of them, and what each did. */
  readonly first: readonly ScrapeProblem[];
}

const NONE: Regressed = { count: 0, first: [] };

/**
 * Finds counters that do what Triton's never do: go back though neither the server restarted nor their model was loaded
 * again, vanish while their model serves, or show what no counter shows.
 */
export class Regressions {
  #shape = -1;
  #counters: number[] = [];

  /** @param servingNow identities of the models that serve now; asked only where a counter is missing */
  find(
    table: Table,
    interval: Interval,
    events: readonly ModelEvent[],
    servingNow: () => ReadonlySet<string>,
  ): Regressed {
    if (this.#shape !== table.shape) this.#bind(table);
    if (interval.kind !== "plain" && interval.kind !== "gap") return NONE;
    const loads = new Set(events.flatMap((event) => (isLoad(event) ? [event.id.key] : [])));
    let serving: ReadonlySet<string> | undefined;
    const first: ScrapeProblem[] = [];
    let count = 0;
    const found = (labels: Labels, why: string) => {
      count++;
      if (first.length < MOST_TOLD) first.push(seriesProblem("regression", labels, why));
    };
    for (const column of this.#counters) {
      const now = table.value(column, interval.row);
      const before = table.value(column, interval.previous);
      if (now === undefined && before === undefined) continue;
      const { labels } = table.columns[column]!;
      if (now === undefined) {
        serving ??= servingNow();
        if (vanished(labels, serving, loads)) found(labels, "the counter is gone and its model serves");
      } else if (!counted(now)) found(labels, `the counter shows ${now}, which is no count`);
      else if (before !== undefined && now < before && !restarted(labels, loads)) {
        found(labels, `the counter fell from ${before} to ${now}`);
      }
    }
    return { count, first };
  }

  #bind(table: Table): void {
    this.#shape = table.shape;
    this.#counters = [];
    table.columns.forEach((column, index) => {
      if (column && COUNTERS.has(column.labels.metric)) this.#counters.push(index);
    });
  }
}

/**
 * Whether a series went though its model serves and was not loaded again (which may change its tags). Those of GPU instances
 * come and go with the instances.
 */
function vanished(labels: Labels, serving: ReadonlySet<string>, loads: ReadonlySet<string>): boolean {
  const { key } = modelId(labels);
  return labels.get("gpu_uuid") === undefined && serving.has(key) && !loads.has(key);
}

/** Whether a load in this interval accounts for a counter that starts over. Failures outlive every load. */
const restarted = (labels: Labels, loads: ReadonlySet<string>): boolean =>
  labels.metric !== "nv_inference_request_failure" && loads.has(modelId(labels).key);
