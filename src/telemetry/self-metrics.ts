import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from "prom-client";

/** Gauges that prom-client names like counters; `promtool check metrics` rightly objects. */
const MISNAMED = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

const SCRAPE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const RULE_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1];

/** Gives a metric the program's prefix and its registry. */
export type Naming = (rest: string) => { readonly name: string; readonly registers: Registry[] };

/** Metrics named as all of this program's are, registered in `registry`. */
export const namingIn =
  (registry: Registry): Naming =>
  (rest) => ({ name: `triton_sentinel_${rest}`, registers: [registry] });

/** The metrics the program keeps about itself; those of its targets, alerts and detectors are rendered elsewhere. */
export type SelfMetrics = ReturnType<typeof selfMetrics>;

/** Registers them, with the process's own (memory, processor, event loop). Once a registry. */
export function selfMetrics(registry: Registry) {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const name = namingIn(registry);
  return {
    build: new Gauge({
      ...name("build_info"),
      help: "Constant 1; the labels say which build runs.",
      labelNames: ["version", "revision", "nodeversion"] as const,
    }),
    ...scrapeMetrics(name),
    ...ruleMetrics(name),
    ...programMetrics(name),
    ...configMetrics(name),
    ...storeMetrics(name),
  };
}

/** What is counted of scrapes, and where targets come from. */
function scrapeMetrics(name: Naming) {
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
    discovered: new Gauge({
      ...name("discovered_targets"),
      help: "Targets that are watched, by the job they were found for.",
      labelNames: ["target_job"] as const,
    }),
    droppedTargets: new Gauge({
      ...name("dropped_targets"),
      help: "Targets that were found and are not watched: relabelling drops them, or there are too many.",
      labelNames: ["target_job"] as const,
    }),
    discoveryFailures: new Counter({
      ...name("discovery_failures_total"),
      help: "Looks for targets that failed, by kind; the targets there were stay.",
      labelNames: ["kind"] as const,
    }),
  };
}

/** What is counted of rules and their alerts. */
function ruleMetrics(name: Naming) {
  return {
    ruleSeconds: new Histogram({
      ...name("rule_evaluation_duration_seconds"),
      help: "How long rule evaluations take, over all rules.",
      buckets: RULE_SECONDS,
    }),
    ruleEvaluations: new Counter({
      ...name("rule_evaluations_total"),
      help: "Evaluations of each rule, those that failed too.",
      labelNames: ["rule"] as const,
    }),
    ruleTime: new Counter({
      ...name("rule_evaluation_seconds_total"),
      help: "Time spent evaluating each rule.",
      labelNames: ["rule"] as const,
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
    fired: new Counter({
      ...name("alerts_fired_total"),
      help: "Alerts that began to fire.",
      labelNames: ["alertname", "severity"] as const,
    }),
  };
}

/** What is counted of the program's own going on. */
function programMetrics(name: Naming) {
  return {
    lastStep: new Gauge({
      ...name("last_step_timestamp_seconds"),
      help: "When scrapes were last taken in and rules evaluated.",
    }),
    bugs: new Counter({
      ...name("internal_errors_total"),
      help: "Mistakes of the program itself that it survived, by where.",
      labelNames: ["where"] as const,
    }),
    announcements: new Counter({
      ...name("announcements_total"),
      help: "Announcements of model changes, by what came of them.",
      labelNames: ["outcome"] as const,
    }),
    streamClients: new Gauge({
      ...name("stream_clients"),
      help: "Clients that listen to the stream of events.",
    }),
  };
}

function configMetrics(name: Naming) {
  return {
    reloadOk: new Gauge({
      ...name("config_last_reload_successful"),
      help: "1 where the last attempt to load the configuration succeeded, otherwise 0.",
    }),
    reloadTime: new Gauge({
      ...name("config_last_reload_success_timestamp_seconds"),
      help: "When the configuration was last loaded successfully.",
    }),
    reloads: new Counter({
      ...name("config_reloads_total"),
      help: "Attempts to load the configuration, the first at the start included, by what came of them.",
      labelNames: ["outcome"] as const,
    }),
    configHash: new Gauge({
      ...name("config_hash_info"),
      help: "Constant 1; the label tells the configuration in force from any other.",
      labelNames: ["hash"] as const,
    }),
  };
}

function storeMetrics(name: Naming) {
  return {
    storeReach: new Gauge({ ...name("store_reach_seconds"), help: "How far back the samples in memory reach." }),
    storeBytes: new Gauge({ ...name("store_bytes"), help: "Memory that the samples take." }),
    storeSeries: new Gauge({ ...name("store_series"), help: "Series in memory." }),
    refused: new Counter({
      ...name("refused_total"),
      help: "What was not taken in because there was no room for more, by what.",
      labelNames: ["what"] as const,
    }),
  };
}
