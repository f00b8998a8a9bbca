import type { Refusal } from "./error.ts";

const EXPERIMENTAL = [
  ..."double_exponential_smoothing end first_over_time histogram_quantiles info integral limit_ratio limitk".split(" "),
  ..."mad_over_time max_of min_of range sort_by_label sort_by_label_desc start step".split(" "),
  ..."ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time".split(" "),
];

const NATIVE = "histogram_avg histogram_count histogram_stddev histogram_stdvar histogram_sum".split(" ");

/** Functions and aggregations that Prometheus knows and that are refused by name, and why. */
export const REFUSED: ReadonlyMap<string, Refusal> = new Map([
  ...EXPERIMENTAL.map((name) => [name, "experimental"] as const),
  ...NATIVE.map((name) => [name, "native histograms"] as const),
]);
