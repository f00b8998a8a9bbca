import type { Labels } from "../series/labels.ts";
import type { DurationMs } from "../series/time.ts";
import type { ScrapeJob } from "./job.ts";

/** One metrics endpoint, found and relabelled: what is scraped and what its series carry. */
export interface Target {
  readonly job: ScrapeJob;
  readonly url: string;
  /** `job`, `instance` and whatever relabelling left: what every series of the target carries, and its identity. */
  readonly labels: Labels;
  /** As discovered, before relabelling: `__address__`, `__meta_…`. */
  readonly discoveredLabels: Labels;
  readonly scrapeInterval: DurationMs;
  readonly scrapeTimeout: DurationMs;
}

/** A target that relabelling dropped, or that cannot be scraped as it is. */
export interface DroppedTarget {
  readonly job: string;
  readonly discoveredLabels: Labels;
  readonly why: string;
}
