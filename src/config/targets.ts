import type { Path } from "../documents/nodes.ts";
import { Labels } from "../series/labels.ts";
import { type DurationMs, durationMs, SECOND } from "../series/time.ts";
import type { Sections, Target } from "./config.ts";
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

/** All targets of the scrape configs, flat, and what does not fit between them. */
export function flattenTargets({ global, scrapeConfigs }: Pick<Sections, "global" | "scrapeConfigs">): {
  targets: readonly Target[];
  misfits: readonly Misfit[];
} {
  const targets: Target[] = [];
  const misfits: Misfit[] = [];
  const seen = new Set<string>();
  const jobs = new Set<string>();
  for (const [i, job] of scrapeConfigs.entries()) {
    const path = ["scrape_configs", i];
    if (jobs.has(job.jobName)) {
      const message = `Cannot use job name ${JSON.stringify(job.jobName)} twice`;
      misfits.push({ path: [...path, "job_name"], message });
    }
    jobs.add(job.jobName);
    const interval = job.scrapeInterval ?? global.scrapeInterval;
    if (job.scrapeTimeout !== undefined && job.scrapeInterval === undefined && job.scrapeTimeout > interval) {
      const message = "Cannot use this scrape_timeout: expected at most the global scrape_interval";
      misfits.push({ path: [...path, "scrape_timeout"], message });
    }
    for (const [j, { targets: addresses, labels }] of job.staticConfigs.entries()) {
      for (const [k, address] of addresses.entries()) {
        const target = buildTarget(address, labels, job, interval, global.scrapeTimeout);
        targets.push(target);
        if (!isNew(target, seen)) {
          const at = [...path, "static_configs", j, "targets", k];
          misfits.push({ path: at, message: duplicateMessage(target) });
        }
      }
    }
  }
  return { targets, misfits };
}

/** Remembers a target by its job and instance, which tell its series from those of others. */
export function isNew(target: Target, seen: Set<string>): boolean {
  const key = JSON.stringify([target.job, target.instance]);
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

export const duplicateMessage = ({ job, instance }: Target): string =>
  `Cannot use target ${JSON.stringify(instance)} twice in job ${JSON.stringify(job)}`;

function buildTarget(
  address: string,
  extra: Labels,
  job: ScrapeConfig,
  scrapeInterval: DurationMs,
  globalTimeout: DurationMs | undefined,
): Target {
  // As in Prometheus a static label wins over the label the program would set.
  const labels = Labels.of({ job: job.jobName, instance: address }).with(extra);
  return {
    job: labels.get("job") ?? job.jobName,
    url: `${job.scheme}://${address}${job.metricsPath}`,
    instance: labels.get("instance") ?? address,
    labels,
    scrapeInterval,
    scrapeTimeout: job.scrapeTimeout ?? defaultTimeout(scrapeInterval, globalTimeout),
    bodySizeLimit: job.bodySizeLimit,
    sampleLimit: job.sampleLimit,
    labelValueLengthLimit: job.labelValueLengthLimit,
  };
}
