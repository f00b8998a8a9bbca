import { type DurationMs, durationMs, SECOND } from "../series/time.ts";
import type { ScrapeJob } from "../targets/job.ts";
import type { Sections } from "./config.ts";

const DEFAULT_TIMEOUT = durationMs(10 * SECOND);

/** How long a scrape may take where nothing is said of it. */
export const defaultTimeout = (interval: DurationMs, global: DurationMs = DEFAULT_TIMEOUT): DurationMs =>
  durationMs(Math.min(global, interval));

/** A job for each scrape config, with what `global` says where it says nothing. */
export function buildJobs({ global, scrapeConfigs }: Pick<Sections, "global" | "scrapeConfigs">): readonly ScrapeJob[] {
  return scrapeConfigs.map((config): ScrapeJob => {
    const scrapeInterval = config.scrapeInterval ?? global.scrapeInterval;
    const scrapeTimeout = config.scrapeTimeout ?? defaultTimeout(scrapeInterval, global.scrapeTimeout);
    return { ...config, scrapeInterval, scrapeTimeout };
  });
}
