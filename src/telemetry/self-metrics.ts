import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from "prom-client";

/** Gauges that prom-client names like counters; `promtool check metrics` rightly objects. */
const MISNAMED = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

const SCRAPE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const RULE_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1];

/** The metrics the program keeps about itself; those of its targets, alerts and detectors are rendered elsewhere. */
export type SelfMetrics = ReturnType<typeof selfMetrics>;

/** Registers them, with the process's own (memory, processor, event loop). Once a registry. */
export function selfMetrics(registry: Registry) {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const name = (rest: string) => ({ name: `triton_sentinel_${rest}`, registers: [registry] });
  return {
    build: new Gauge({
      ...name("build_info"),
      help: "Constant 1; the labels say which build runs.",
      labelNames: ["version", "revision", "nodeversion"] as const,
    }),
    ...scrapeMetrics(name),
    ruleSeconds: new Histogram({
      ...name("rule_evaluation_duration_seconds"),
      help: "How long rule evaluations take, over all rules.",
      buckets: RULE_SECONDS,
    }),
    ruleFailures: new Counter({
      ...name("rule_evaluation_failures_total"),
      help: "Rule evaluations that failed; the rule's alerts are held.",
      labelNames: ["rule"] as const,
    }),
    transitions: new Counter({
      ...name("alert_transitions_total"),
      help: "Alerts that became pending, firing or resolved.",
      labelNames: ["state"] as const,
    }),
    bugs: new Counter({
      ...name("internal_errors_total"),
      help: "Mistakes of the program itself that it survived, by where.",
      labelNames: ["where"] as const,
    }),
    reloadOk: new Gauge({
      ...name("config_last_reload_successful"),
      help: "1 where the last attempt to load the configuration succeeded, otherwise 0.",
    }),
    reloadTime: new Gauge({
      ...name("config_last_reload_success_timestamp_seconds"),
      help: "When the configuration was last loaded successfully.",
    }),
    storeReach: new Gauge({ ...name("store_reach_seconds"), help: "How far back the samples in memory reach." }),
    storeBytes: new Gauge({ ...name("store_bytes"), help: "Memory that the samples take." }),
    storeSeries: new Gauge({ ...name("store_series"), help: "Series in memory." }),
  };
}

/** What is counted of scrapes. */
function scrapeMetrics(name: (rest: string) => { name: string; registers: Registry[] }) {
  return {
    scrapes: new Counter({
      ...name("scrapes_total"),
      help: "Scrapes by what came of them.",
      labelNames: ["outcome"] as const,
    }),
    pageProblems: new Counter({
      ...name("page_problems_total"),
      help: "Lines of pages that are no good, by kind; at most twenty a page are counted.",
      labelNames: ["kind"] as const,
    }),
    scrapeSeconds: new Histogram({
      ...name("scrape_seconds"),
      help: "How long scrapes take, over all targets.",
      buckets: SCRAPE_SECONDS,
    }),
    samples: new Counter({ ...name("samples_total"), help: "Samples read from pages." }),
    missedSlots: new Counter({
      ...name("scrape_slots_missed_total"),
      help: "Scrapes left out because the one before still ran or the program was late.",
    }),
  };
}
