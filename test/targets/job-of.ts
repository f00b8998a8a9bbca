import { RE2JS } from "re2js";
import type { RelabelRule } from "../../src/series/relabel-rule.ts";
import { durationMs } from "../../src/series/time.ts";
import type { ScrapeJob } from "../../src/targets/job.ts";

/** A job with nothing said but what a test says. */
export const jobOf = (said: Partial<ScrapeJob> = {}): ScrapeJob => ({
  jobName: "triton",
  scheme: "http",
  metricsPath: "/metrics",
  scrapeInterval: durationMs(15_000),
  scrapeTimeout: durationMs(10_000),
  bodySizeLimit: 1_000_000,
  sampleLimit: 50_000,
  labelValueLengthLimit: 1_024,
  honorLabels: false,
  http: {},
  relabel: [],
  metricRelabel: [],
  discoveries: [],
  ...said,
});

/** A relabelling rule with Prometheus' defaults for what a test does not say. */
export function ruleOf({
  regex = "(.*)",
  ...said
}: Partial<Omit<RelabelRule, "regex">> & { regex?: string }): RelabelRule {
  return {
    action: "replace",
    sourceLabels: [],
    separator: ";",
    replacement: "$1",
    targetLabel: "",
    modulus: 0,
    ...said,
    regex: RE2JS.compile(`^(?s:${regex})$`),
  };
}
