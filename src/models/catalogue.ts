/** What a number counts or measures, as far as a threshold can be judged by it. */
export type MetricUnit = "microseconds" | "milliseconds" | "seconds" | "bytes" | "ratio" | "watts" | "joules";

/** A metric family that a Triton server may expose. */
export interface MetricFamily {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram" | "summary";
  /** Labels that each of its series has, besides those of the target. */
  readonly labels: readonly string[];
  /** Labels that only some of its series have. */
  readonly optional: readonly string[];
  /** The values a label can have, where there are few of them. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly unit?: MetricUnit;
  /** It is called a gauge and only ever grows: Triton's response cache counts so. */
  readonly cumulative?: true;
  /** The first release that has it, as containers are numbered; undefined where that is not known, or all have it. */
  readonly since?: string;
  /** The first release that has it no longer. */
  readonly until?: string;
}

type Facts = Partial<Omit<MetricFamily, "name" | "type">>;

const MODEL: Facts = { labels: ["model", "version"], optional: ["namespace", "gpu_uuid"] };
const MODEL_ONLY: Facts = { labels: ["model", "version"], optional: ["namespace"] };
const GPU: Facts = { labels: ["gpu_uuid"] };

const REASONS = ["REJECTED", "CANCELED", "BACKEND", "OTHER"] as const;

function family(name: string, type: MetricFamily["type"], ...facts: readonly Facts[]): MetricFamily {
  return Object.assign({ name, type, labels: [], optional: [], values: {} }, ...facts);
}

/** A family of TensorRT-LLM, whose series differ in one label of few values. */
function oneOf(name: string, type: MetricFamily["type"], label: string, values: readonly string[]): MetricFamily {
  return family(name, type, { labels: ["model", "version", label], values: { [label]: values } });
}

const CORE: readonly MetricFamily[] = [
  family("nv_inference_request_success", "counter", MODEL),
  // Before 24.07 failures had no reason, so the label is not always there.
  family("nv_inference_request_failure", "counter", MODEL, {
    optional: ["namespace", "gpu_uuid", "reason"],
    values: { reason: REASONS },
  }),
  family("nv_inference_count", "counter", MODEL),
  family("nv_inference_exec_count", "counter", MODEL),
  ...["request", "queue", "compute_input", "compute_infer", "compute_output"].flatMap((part) => [
    family(`nv_inference_${part}_duration_us`, "counter", MODEL, { unit: "microseconds" }),
    family(`nv_inference_${part}_summary_us`, "summary", MODEL, { unit: "microseconds", since: "23.04" }),
  ]),
  family("nv_inference_first_response_histogram_ms", "histogram", MODEL_ONLY, { unit: "milliseconds", since: "24.11" }),
  family("nv_inference_pending_request_count", "gauge", MODEL, { since: "23.09" }),
  family("nv_model_load_duration_secs", "gauge", MODEL, { unit: "seconds", since: "24.11" }),
];

const RESPONSE_CACHE: readonly MetricFamily[] = [
  family("nv_cache_num_hits_per_model", "counter", MODEL_ONLY),
  family("nv_cache_num_misses_per_model", "counter", MODEL_ONLY),
  family("nv_cache_hit_duration_per_model", "counter", MODEL_ONLY, { unit: "microseconds" }),
  family("nv_cache_miss_duration_per_model", "counter", MODEL_ONLY, { unit: "microseconds" }),
  family("nv_cache_hit_summary_per_model", "summary", MODEL_ONLY, { unit: "microseconds" }),
  family("nv_cache_miss_summary_per_model", "summary", MODEL_ONLY, { unit: "microseconds" }),
  family("nv_cache_miss_lookup_duration_per_model", "counter", MODEL_ONLY, { unit: "microseconds", until: "23.03" }),
  family("nv_cache_miss_insertion_duration_per_model", "counter", MODEL_ONLY, { unit: "microseconds", until: "23.03" }),
  family("nv_cache_util", "gauge", { unit: "ratio" }),
  family("nv_cache_num_entries", "gauge"),
  ...["hits", "misses", "lookups", "evictions"].map((what) =>
    family(`nv_cache_num_${what}`, "gauge", { cumulative: true }),
  ),
  ...["lookup", "insertion"].map((what) =>
    family(`nv_cache_${what}_duration`, "gauge", { unit: "microseconds", cumulative: true }),
  ),
];

const DEVICES: readonly MetricFamily[] = [
  family("nv_pinned_memory_pool_total_bytes", "gauge", { unit: "bytes", since: "24.01" }),
  family("nv_pinned_memory_pool_used_bytes", "gauge", { unit: "bytes", since: "24.01" }),
  family("nv_gpu_utilization", "gauge", GPU, { unit: "ratio" }),
  family("nv_gpu_memory_total_bytes", "gauge", GPU, { unit: "bytes" }),
  family("nv_gpu_memory_used_bytes", "gauge", GPU, { unit: "bytes" }),
  family("nv_gpu_power_usage", "gauge", GPU, { unit: "watts" }),
  family("nv_gpu_power_limit", "gauge", GPU, { unit: "watts" }),
  family("nv_energy_consumption", "counter", GPU, { unit: "joules" }),
  family("nv_cpu_utilization", "gauge", { unit: "ratio", since: "22.09" }),
  family("nv_cpu_memory_total_bytes", "gauge", { unit: "bytes", since: "22.09" }),
  family("nv_cpu_memory_used_bytes", "gauge", { unit: "bytes", since: "22.09" }),
];

const BACKENDS: readonly MetricFamily[] = [
  family("input_byte_size_counter", "counter", MODEL_ONLY),
  ...["prompt_tokens_total", "generation_tokens_total"].map((name) => family(`vllm:${name}`, "counter", MODEL_ONLY)),
  ...["time_to_first_token", "time_per_output_token", "e2e_request_latency"].map((name) =>
    family(`vllm:${name}_seconds`, "histogram", MODEL_ONLY, { unit: "seconds" }),
  ),
  ...["prompt_tokens", "generation_tokens", "params_n"].map((name) =>
    family(`vllm:request_${name}`, "histogram", MODEL_ONLY),
  ),
  oneOf("nv_trt_llm_request_metrics", "gauge", "request_type", ["active", "max", "scheduled", "context", "waiting"]),
  oneOf("nv_trt_llm_runtime_memory_metrics", "gauge", "memory_type", ["cpu", "gpu", "pinned"]),
  oneOf("nv_trt_llm_kv_cache_block_metrics", "gauge", "kv_cache_block_type", [
    ...["max", "free", "used", "tokens_per", "reused", "fraction"],
  ]),
  oneOf("nv_trt_llm_inflight_batcher_metrics", "gauge", "inflight_batcher_specific_metric", [
    ...["total_context_tokens", "generation_requests", "micro_batch_id", "paused_requests"],
  ]),
  family("nv_trt_llm_v1_metrics", "gauge", { labels: ["model", "version", "v1_specific_metric"] }),
  oneOf("nv_trt_llm_general_metrics", "gauge", "general_type", ["timestamp", "iteration_counter"]),
  oneOf("nv_trt_llm_disaggregated_serving_metrics", "counter", "disaggregated_serving_type", [
    ...["kv_cache_transfer_ms", "request_count"],
  ]),
  oneOf("nv_llm_output_token_len", "histogram", "response_metric_type", ["total_output_tokens"]),
  oneOf("nv_llm_input_token_len", "histogram", "response_metric_type", ["total_input_tokens"]),
];

/** Every family that Triton, its response cache and its usual backends are known to expose; other backends may have more. */
export const CATALOGUE: ReadonlyMap<string, MetricFamily> = new Map(
  [...CORE, ...RESPONSE_CACHE, ...DEVICES, ...BACKENDS].map((one) => [one.name, one]),
);

/** The names of the series a family has. */
export function seriesOf({ name, type }: MetricFamily): readonly string[] {
  if (type === "histogram") return [`${name}_bucket`, `${name}_sum`, `${name}_count`];
  return type === "summary" ? [name, `${name}_sum`, `${name}_count`] : [name];
}
