import { ofJobs } from "./promql-text.ts";
import type { ExportOptions, Recording } from "./types.ts";

/** The recorded series that stands for `triton_sentinel_failed_scrapes_in_a_row`. */
export const FAILED_SCRAPES = "triton_sentinel:failed_scrapes_in_a_row";

/** Counts at how many evaluations in a row the last scrape had failed: the rule adds to what it recorded before. */
export function scrapeMemory({ jobs }: ExportOptions): readonly Recording[] {
  const up = ofJobs("up", jobs);
  const expr = `((${up} == 0) + 1 + ${FAILED_SCRAPES})\nor ((${up} == 0) + 1)\nor (${up} - 1)`;
  return [{ name: FAILED_SCRAPES, expr, labels: {} }];
}
