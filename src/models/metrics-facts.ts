import type { Labels } from "../series/labels.ts";
import type { Table } from "../series/table.ts";
import type { Facts, ModelFact } from "./facts.ts";

const SUCCESS = "nv_inference_request_success";
const FAILURE = "nv_inference_request_failure";
const LOAD = "nv_model_load_duration_secs";
const COUNT = "nv_inference_count";
const ENERGY = "nv_energy_consumption";

/** The metric families the inventory reads. */
export const MODEL_FAMILIES: readonly string[] = [SUCCESS, FAILURE, LOAD, COUNT, ENERGY];

/** The identity of a model among a series' labels. */
export const modelId = (labels: Labels): Labels => labels.only("model", "version", "namespace");

interface Sources {
  readonly fact: { -readonly [K in keyof ModelFact]: ModelFact[K] };
  readonly success: number[];
  readonly failure: number[];
  readonly load: number[];
  /** Any of these shows that the model serves: one line of a page that cannot be read must not look like an unload. */
  readonly witnesses: number[];
}

/**
 * Reads facts about models out of a target's table. Columns are looked up only when the table's shape changed; the facts
 * returned are overwritten by the next read. A value that is no finite number of 0 or more shows that a series is there and
 * says nothing else.
 */
export class MetricsFacts {
  readonly #table: Table;
  readonly #present: ModelFact[] = [];
  #shape = -1;
  #sources: readonly Sources[] = [];
  #energy: number[] = [];

  constructor(table: Table) {
    this.#table = table;
  }

  /** The facts of a row; models of which the row shows nothing are left out. */
  read(row: number): Facts {
    if (this.#shape !== this.#table.shape) this.#bind();
    this.#present.length = 0;
    for (const { fact, success, failure, load, witnesses } of this.#sources) {
      fact.serving = this.#shows(witnesses, row);
      fact.failures = this.#sum(failure, row);
      if (!fact.serving && fact.failures === undefined) continue;
      fact.successes = this.#sum(success, row);
      fact.loadSeconds = this.#max(load, row);
      this.#present.push(fact);
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
      // Before 24.07 failures had no reason and went away with their model: they prove nothing.
      if (family === FAILURE && column.labels.get("reason") === undefined) return;
      const id = modelId(column.labels);
      if (id.get("model") === undefined) return;
      let sources = byId.get(id.key);
      if (!sources) {
        const fact = { id, serving: false, loadSeconds: undefined, successes: undefined, failures: undefined };
        sources = { fact, success: [], failure: [], load: [], witnesses: [] };
        byId.set(id.key, sources);
      }
      if (family === SUCCESS) sources.success.push(index);
      if (family === LOAD) sources.load.push(index);
      (family === FAILURE ? sources.failure : sources.witnesses).push(index);
    });
    this.#sources = [...byId.values()];
    this.#shape = this.#table.shape;
  }

  #shows(columns: readonly number[], row: number): boolean {
    for (const column of columns) if (this.#table.value(column, row) !== undefined) return true;
    return false;
  }

  /** Undefined where no series is there, or one of them holds no count. */
  #sum(columns: readonly number[], row: number): number | undefined {
    let sum: number | undefined;
    for (const column of columns) {
      const value = this.#table.value(column, row);
      if (value === undefined) continue;
      if (!isAmount(value)) return undefined;
      sum = (sum ?? 0) + value;
    }
    return sum;
  }

  /** A GPU model has a second label set whose load gauge stays 0, so the largest one counts. */
  #max(columns: readonly number[], row: number): number | undefined {
    let max: number | undefined;
    for (const column of columns) {
      const value = this.#table.value(column, row);
      if (value !== undefined && isAmount(value) && !(max !== undefined && max >= value)) max = value;
    }
    return max;
  }
}

const isAmount = (value: number): boolean => value >= 0 && value < Number.POSITIVE_INFINITY;
