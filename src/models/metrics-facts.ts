import type { Table } from "../series/table.ts";
import type { Facts, ModelFact } from "./facts.ts";

const SUCCESS = "nv_inference_request_success";
const FAILURE = "nv_inference_request_failure";
const LOAD = "nv_model_load_duration_secs";
const ENERGY = "nv_energy_consumption";

/** The metric families the inventory reads. */
export const MODEL_FAMILIES: readonly string[] = [SUCCESS, FAILURE, LOAD, ENERGY];

const IDENTITY = ["model", "version", "namespace"] as const;

interface Sources {
  readonly fact: { -readonly [K in keyof ModelFact]: ModelFact[K] };
  readonly success: number[];
  readonly failure: number[];
  readonly load: number[];
}

/**
 * Reads facts about models out of a target's table. Columns are looked up only when the table's shape changed; the facts
 * returned are overwritten by the next read.
 */
export class MetricsFacts {
  readonly #table: Table;
  #shape = -1;
  #sources: readonly Sources[] = [];
  #energy: number[] = [];
  #present: ModelFact[] = [];

  constructor(table: Table) {
    this.#table = table;
  }

  /** The facts of a row; models of which the row shows nothing are left out. */
  read(row: number): Facts {
    if (this.#shape !== this.#table.shape) this.#bind();
    this.#present = [];
    for (const { fact, success, failure, load } of this.#sources) {
      fact.successes = this.#sum(success, row);
      fact.failures = this.#sum(failure, row);
      fact.loadSeconds = this.#max(load, row);
      fact.serving = fact.successes !== undefined || fact.loadSeconds !== undefined;
      if (fact.serving || fact.failures !== undefined) this.#present.push(fact);
    }
    return { source: "metrics", models: this.#present, processCounter: this.#sum(this.#energy, row) };
  }

  #bind(): void {
    const byId = new Map<string, Sources>();
    this.#energy = [];
    this.#table.columns.forEach((column, index) => {
      const family = column?.labels.metric;
      if (column === undefined || family === undefined || !MODEL_FAMILIES.includes(family)) return;
      if (family === ENERGY) {
        this.#energy.push(index);
        return;
      }
      const id = column.labels.only(...IDENTITY);
      if (id.get("model") === undefined) return;
      let sources = byId.get(id.key);
      if (!sources) {
        const fact = { id, serving: false, loadSeconds: undefined, successes: undefined, failures: undefined };
        sources = { fact, success: [], failure: [], load: [] };
        byId.set(id.key, sources);
      }
      (family === SUCCESS ? sources.success : family === FAILURE ? sources.failure : sources.load).push(index);
    });
    this.#sources = [...byId.values()];
    this.#shape = this.#table.shape;
  }

  #sum(columns: readonly number[], row: number): number | undefined {
    let sum: number | undefined;
    for (const column of columns) {
      const value = this.#table.value(column, row);
      if (value !== undefined) sum = (sum ?? 0) + value;
    }
    return sum;
  }

  /** A GPU model has a second label set whose load gauge stays 0, so the largest one counts. */
  #max(columns: readonly number[], row: number): number | undefined {
    let max: number | undefined;
    for (const column of columns) {
      const value = this.#table.value(column, row);
      if (value !== undefined && !(max !== undefined && max >= value)) max = value;
    }
    return max;
  }
}
