import type { Path } from "../documents/nodes.ts";
import { type DurationMs, durationMs, SECOND } from "../series/time.ts";
import type { ScrapeJob, StaticDiscoveryOptions } from "../targets/job.ts";
import type { Sections } from "./config.ts";
import type { ScrapeConfig } from "./schema/scrape-configs.ts";

const DEFAULT_TIMEOUT = durationMs(10 * SECOND);

/** Something between several scrape configs that does not fit, at its path in the file. */
export interface Misfit {
  readonly path: Path;
  readonly message: string;
}

/** How long a scrape may take where nothing is said of it. */
export const defaultTimeout = (interval: DurationMs, global: DurationMs = DEFAULT_TIMEOUT): DurationMs =>
  durationMs(Math.min(global, interval));

/** A job for each scrape config, and what does not fit between them. */
export function buildJobs({ global, scrapeConfigs }: Pick<Sections, "global" | "scrapeConfigs">): {
  jobs: readonly ScrapeJob[];
  misfits: readonly Misfit[];
} {
  const misfits: Misfit[] = [];
  const seen = new Set<string>();
  const names = new Set<string>();
  const jobs = scrapeConfigs.map((config, i): ScrapeJob => {
    const path = ["scrape_configs", i];
    if (names.has(config.jobName)) {
      const message = `Cannot use job name ${JSON.stringify(config.jobName)} twice`;
      misfits.push({ path: [...path, "job_name"], message });
    }
    names.add(config.jobName);
    const scrapeInterval = config.scrapeInterval ?? global.scrapeInterval;
    if (config.scrapeTimeout !== undefined && config.scrapeInterval === undefined) {
      const message = "Cannot use this scrape_timeout: expected at most the global scrape_interval";
      if (config.scrapeTimeout > scrapeInterval) misfits.push({ path: [...path, "scrape_timeout"], message });
    }
    for (const at of repeatedTargets(config, seen)) misfits.push({ ...at, path: [...path, ...at.path] });
    const scrapeTimeout = config.scrapeTimeout ?? defaultTimeout(scrapeInterval, global.scrapeTimeout);
    return { ...config, scrapeInterval, scrapeTimeout };
  });
  return { jobs, misfits };
}

/** Static addresses of a job that were given before. */
function repeatedTargets({ jobName, discoveries, relabel }: ScrapeConfig, seen: Set<string>): Misfit[] {
  // What relabelling makes of a target is not known here; only what is the same in all is surely the same then.
  const relabelled = relabel.length > 0;
  const fixed = discoveries.filter((discovery): discovery is StaticDiscoveryOptions => discovery.kind === "static");
  return fixed.flatMap(({ targets, labels }, j) =>
    targets.flatMap((address, k): Misfit[] => {
      // As in Prometheus a static label wins over the label the program would set.
      const job = labels.get("job") ?? jobName;
      const instance = labels.get("instance") ?? address;
      const key = JSON.stringify(relabelled ? [jobName, address, labels.key] : [job, instance]);
      if (isNew(key, seen)) return [];
      return [{ path: ["static_configs", j, "targets", k], message: duplicateMessage(instance, job) }];
    }),
  );
}

/** Remembers a key; false where it was known. */
export function isNew(key: string, seen: Set<string>): boolean {
  const before = seen.size;
  return seen.add(key).size > before;
}

export const duplicateMessage = (instance: string, job: string): string =>
  `Cannot use target ${JSON.stringify(instance)} twice in job ${JSON.stringify(job)}`;
