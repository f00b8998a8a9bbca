import { type RenderedSample, renderFamily } from "../../src/exposition/render.ts";
import { Labels } from "../../src/series/labels.ts";

/** Counters and gauges of one model version as Triton shows them. */
interface Model {
  readonly labels: Labels;
  loadSeconds: number;
  success: number;
  failure: number;
  inferences: number;
  executions: number;
  computeUs: number;
  hits: number;
  misses: number;
  pending: number;
}

/** What some seconds of traffic to a model were like. */
export interface Traffic {
  readonly requests?: number;
  readonly failures?: number;
  /** Compute time of each request. */
  readonly us?: number;
  /** Inferences in each execution. */
  readonly batch?: number;
  readonly hits?: number;
}

/** A server as its metrics page shows it, for scenarios that no recording holds. */
export class SimulatedTriton {
  readonly #models = new Map<string, Model>();
  /** Failures outlive their model, as in Triton. */
  readonly #orphans = new Map<string, Model>();
  /** Gauges without a model, by name: value and labels. */
  readonly gauges = new Map<string, readonly [value: number, labels?: Readonly<Record<string, string>>]>();
  /** Text put at the end of the page. */
  extra = "";
  #loads = 0;

  /** @param models loaded at start-up, in version 1 */
  constructor(...models: readonly string[]) {
    for (const model of models) this.load(model);
  }

  /** Loads a model, or loads it again: its counters begin at 0, its load time is another. */
  load(name: string, version = "1"): void {
    const key = `${name} ${version}`;
    const failure = this.#models.get(key)?.failure ?? this.#orphans.get(key)?.failure ?? 0;
    this.#orphans.delete(key);
    const zero = { success: 0, inferences: 0, executions: 0, computeUs: 0, hits: 0, misses: 0, pending: 0 };
    const labels = Labels.of({ model: name, version });
    this.#models.set(key, { labels, loadSeconds: 0.25 + ++this.#loads / 1000, failure, ...zero });
  }

  /** Takes a model away; its failure series stay. */
  unload(name: string, version = "1"): void {
    const key = `${name} ${version}`;
    this.#orphans.set(key, this.#models.get(key)!);
    this.#models.delete(key);
  }

  /** Another process with the same models. */
  restart(): void {
    const models = [...this.#models.values()];
    this.#models.clear();
    this.#orphans.clear();
    for (const { labels } of models) this.load(labels.get("model")!, labels.get("version"));
  }

  serve(name: string, { requests = 0, failures = 0, us = 2_000, batch = 1, hits = 0 }: Traffic, version = "1"): void {
    const model = this.model(name, version);
    const computed = requests - hits;
    model.success += requests;
    model.failure += failures;
    model.inferences += computed;
    model.executions += computed / batch;
    model.computeUs += computed * us;
    model.hits += hits;
    model.misses += computed;
  }

  model(name: string, version = "1"): Model {
    return this.#models.get(`${name} ${version}`)!;
  }

  page(): string {
    const models = [...this.#models.values()];
    const failing = [...models, ...this.#orphans.values()];
    const gauges = [...this.gauges].map(([name, [value, labels = {}]]) =>
      family(name, "gauge", [{ labels: Labels.of(labels), value }]),
    );
    const pages = [
      counter("nv_inference_request_success", models, ({ success }) => success),
      family("nv_inference_request_failure", "counter", failing.flatMap(failures)),
      counter("nv_inference_count", models, ({ inferences }) => inferences),
      counter("nv_inference_exec_count", models, ({ executions }) => executions),
      counter("nv_inference_request_duration_us", models, ({ computeUs }) => computeUs * 1.5),
      counter("nv_inference_compute_infer_duration_us", models, ({ computeUs }) => computeUs),
      counter("nv_cache_num_hits_per_model", models, ({ hits }) => hits),
      counter("nv_cache_num_misses_per_model", models, ({ misses }) => misses),
      gauge("nv_inference_pending_request_count", models, ({ pending }) => pending),
      gauge("nv_model_load_duration_secs", models, ({ loadSeconds }) => loadSeconds),
    ];
    return [...pages, ...gauges, this.extra].join("");
  }
}

const counter = (name: string, models: readonly Model[], of: (model: Model) => number): string =>
  family(
    name,
    "counter",
    models.map((model) => ({ labels: model.labels, value: of(model) })),
  );

const gauge = (name: string, models: readonly Model[], of: (model: Model) => number): string =>
  family(
    name,
    "gauge",
    models.map((model) => ({ labels: model.labels, value: of(model) })),
  );

/** All failures have one reason here; the other reasons are there and stay 0, as in Triton. */
const failures = ({ labels, failure }: Model): readonly RenderedSample[] =>
  ["OTHER", "BACKEND", "CANCELED", "REJECTED"].map((reason) => ({
    labels: labels.with({ reason }),
    value: reason === "BACKEND" ? failure : 0,
  }));

const family = (name: string, type: "counter" | "gauge", samples: readonly RenderedSample[]): string =>
  renderFamily({ name, help: `${name} of a simulated server`, type, samples });
