/** A series this program writes beside those of the targets. */
export interface OwnSeries {
  readonly name: string;
  readonly type: "counter" | "gauge";
  /** Labels that each has; undefined where they depend on the rule. */
  readonly labels?: readonly string[];
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Its value is 0, 1 or in between. */
  readonly unit?: "ratio" | "seconds";
}

const own = (name: string, facts: Partial<OwnSeries> = {}): OwnSeries => ({
  name,
  type: "gauge",
  values: {},
  ...facts,
});

/** The series that `expr:` rules can read of this program, by name: what detectors and rules write back, and what is known of scrapes. */
export const OWN_SERIES: ReadonlyMap<string, OwnSeries> = new Map(
  [
    own("ALERTS", { values: { alertstate: ["pending", "firing"] } }),
    own("ALERTS_FOR_STATE"),
    own("up", { labels: [], unit: "ratio" }),
    own("scrape_duration_seconds", { labels: [], unit: "seconds" }),
    own("scrape_samples_scraped", { labels: [] }),
    ...["observed", "expected", "lower", "upper", "anomaly_score"].map((what) => own(`triton_sentinel_${what}`)),
    own("triton_sentinel_learning", { unit: "ratio" }),
    own("triton_sentinel_scrape_problems", { labels: ["kind"] }),
    own("triton_sentinel_counter_regressions", { labels: [] }),
    own("triton_sentinel_counters_frozen_seconds", {
      labels: ["work"],
      values: { work: ["histogram", "queue", "gpu"] },
      unit: "seconds",
    }),
    own("triton_sentinel_failed_scrapes_in_a_row", { labels: [] }),
    own("triton_sentinel_left_out", {
      labels: ["what"],
      values: { what: ["alerts", "models", "series", "subjects"] },
    }),
    ...["subjects", "alarms", "alarms_begun", "alarm_targets"].map((what) => own(`triton_sentinel_rule_${what}`)),
    own("triton_sentinel_internal_errors_total", { type: "counter" }),
  ].map((one) => [one.name, one]),
);
