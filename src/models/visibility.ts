import type { Labels } from "../series/labels.ts";

/** One series of a page with its value. */
export interface SeriesValue {
  /** With the metric name. */
  readonly labels: Labels;
  readonly value: number;
}

/** One thing a server may show or hide. */
export interface Sight {
  readonly topic: string;
  /** `partly`: it can be seen in some cases, or may be switched off. */
  readonly seen: "yes" | "partly" | "no";
  /** What that means for whoever watches, in a sentence. */
  readonly text: string;
}

const SUCCESS = "nv_inference_request_success";
const FAILURE = "nv_inference_request_failure";
const LOAD = "nv_model_load_duration_secs";
const PENDING = "nv_inference_pending_request_count";
const COUNTERS = [
  SUCCESS,
  FAILURE,
  "nv_inference_count",
  "nv_inference_exec_count",
  "nv_inference_request_duration_us",
  "nv_inference_compute_infer_duration_us",
];
const GPU = ["nv_gpu_utilization", "nv_gpu_memory_used_bytes", "nv_gpu_power_usage"];
/** Families that move with requests though Triton's counters may be switched off. */
const OTHER_WORK = [
  "nv_inference_request_summary_us_count",
  "nv_inference_first_response_histogram_ms_count",
  "nv_cache_num_lookups",
];

/** What of a Triton can be seen on its page, and what cannot: a server that hides its counters looks like a quiet one. */
export function visibility(series: readonly SeriesValue[]): readonly Sight[] {
  const page = new Families(series);
  if (!isTritons(series)) {
    return [{ topic: "Triton", seen: "no", text: "the page has no metric of a Triton: is this the right port" }];
  }
  const counting = counters(page);
  return [
    models(page),
    counting,
    failures(page, counting),
    latencies(page, counting),
    loads(page),
    backlog(page),
    cache(page),
    gpus(page),
    host(page),
    summaries(page),
  ];
}

/** Whether a page is a Triton's: whether it has any of its metrics. */
export const isTritons = (series: readonly SeriesValue[]): boolean =>
  series.some(({ labels }) => labels.metric.startsWith("nv_"));

/** The models on a page, "bert 1", in order. */
export function modelsOn(series: readonly SeriesValue[]): readonly string[] {
  const serving = series.filter(({ labels }) => labels.metric === LOAD || labels.metric === SUCCESS);
  const names = serving.map(({ labels }) => `${labels.get("model") ?? ""} ${labels.get("version") ?? ""}`.trim());
  return [...new Set(names)].sort();
}

/** A page's series by family. */
class Families {
  readonly #byName = new Map<string, SeriesValue[]>();

  constructor(series: readonly SeriesValue[]) {
    for (const one of series) {
      const known = this.#byName.get(one.labels.metric);
      if (known) known.push(one);
      else this.#byName.set(one.labels.metric, [one]);
    }
  }

  of(name: string): readonly SeriesValue[] {
    return this.#byName.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  sum(...names: readonly string[]): number {
    return names.flatMap((name) => this.of(name)).reduce((sum, { value }) => sum + (value > 0 ? value : 0), 0);
  }
}

function models(page: Families): Sight {
  const count = modelsOn([...page.of(SUCCESS), ...page.of(LOAD)]).length;
  if (count > 0) {
    return { topic: "models", seen: "yes", text: `${count} serving: loads, unloads and new versions are told` };
  }
  return { topic: "models", seen: "partly", text: "none is loaded now; the first one loaded will be told" };
}

function counters(page: Families): Sight {
  const topic = "request counters";
  if (!page.has(SUCCESS)) return { topic, seen: "partly", text: "no model is loaded, so there are none yet" };
  if (page.sum(...COUNTERS) > 0) {
    return {
      topic,
      seen: "yes",
      text: `they count (${page.sum(SUCCESS)} requests so far): errors and traffic are watched`,
    };
  }
  if (page.sum(...OTHER_WORK) > 0) {
    const text =
      "all are 0 although the server works: they are switched off (--metrics-config counter_latencies=false). " +
      "Errors, traffic and latency cannot be seen; switch them on";
    return { topic, seen: "no", text };
  }
  const text =
    "all are 0: either nobody has asked anything since the start, or they are switched off " +
    "(--metrics-config counter_latencies=false). Send one request and look again";
  return { topic, seen: "partly", text };
}

/** What hangs on counters: where they do not count there is nothing to see, whatever names are on the page. */
const asCounted = (sight: Sight, counting: Sight): Sight => {
  if (counting.seen === "yes" || sight.seen === "no") return sight;
  if (counting.seen === "no") {
    return { ...sight, seen: "no", text: "on the page, but the request counters are switched off: it stays at 0" };
  }
  return { ...sight, seen: "partly", text: `${sight.text}, if the request counters are on: so far all are 0` };
};

function failures(page: Families, counting: Sight): Sight {
  const reasons = [...new Set(page.of(FAILURE).map(({ labels }) => labels.get("reason") ?? ""))].filter(Boolean).sort();
  const topic = "failure reasons";
  if (reasons.length > 0)
    return asCounted(
      { topic, seen: "yes", text: `failures are told apart by reason: ${reasons.join(", ")}` },
      counting,
    );
  if (page.has(FAILURE)) {
    return { topic, seen: "partly", text: "failures are counted without a reason: this is an older Triton" };
  }
  return { topic, seen: "no", text: "there is no failure counter yet: it comes with the first model" };
}

function latencies(page: Families, counting: Sight): Sight {
  const topic = "compute time";
  if (page.has("nv_inference_compute_infer_duration_us")) {
    return asCounted({ topic, seen: "yes", text: "latency shifts and suspected swaps can be found" }, counting);
  }
  return { topic, seen: "no", text: "no compute durations: latency shifts cannot be found" };
}

function loads(page: Families): Sight {
  const topic = "reloads";
  if (page.has(LOAD)) return { topic, seen: "yes", text: "a model that is loaded again in place is told" };
  const text = `without ${LOAD} a model that is replaced in place leaves no trace; newer Tritons have it`;
  return { topic, seen: "no", text };
}

function backlog(page: Families): Sight {
  const topic = "queue";
  if (page.has(PENDING)) return { topic, seen: "yes", text: "waiting requests are counted: a backlog is told" };
  return { topic, seen: "no", text: `without ${PENDING} a backlog cannot be seen` };
}

function cache(page: Families): Sight {
  const topic = "response cache";
  const on = page.has("nv_cache_num_hits_per_model") || page.has("nv_cache_num_lookups");
  if (on) return { topic, seen: "yes", text: "hits and misses are counted: a shift of the hit ratio is told" };
  return { topic, seen: "no", text: "it is off (--cache-config); there is nothing to watch" };
}

function gpus(page: Families): Sight {
  const found = GPU.flatMap((name) => page.of(name)).map(({ labels }) => labels.get("gpu_uuid") ?? "");
  const count = new Set(found).size;
  const topic = "GPUs";
  if (count > 0) return { topic, seen: "yes", text: `${count}: memory and power are watched` };
  return { topic, seen: "no", text: "no GPU metrics: a CPU build, no GPU, or --allow-gpu-metrics=false" };
}

function host(page: Families): Sight {
  const topic = "host";
  const on = page.has("nv_cpu_memory_used_bytes") && page.has("nv_pinned_memory_pool_used_bytes");
  if (on) return { topic, seen: "yes", text: "memory of the host and the pinned pool are watched" };
  return {
    topic,
    seen: "partly",
    text: "no CPU or pinned memory metrics (--allow-cpu-metrics=false, or an older Triton)",
  };
}

function summaries(page: Families): Sight {
  const topic = "summaries";
  const kinds = [
    ...(page.has("nv_inference_request_summary_us_count") ? ["summaries"] : []),
    ...(page.has("nv_inference_first_response_histogram_ms_count") ? ["a histogram of first responses"] : []),
  ];
  if (kinds.length > 0) {
    return { topic, seen: "yes", text: `${kinds.join(" and ")} on the page; no packaged rule needs them` };
  }
  return {
    topic,
    seen: "no",
    text: "off (--metrics-config summary_latencies, histogram_latencies); no packaged rule needs them",
  };
}
