import type { MonitorEvent } from "../../monitor/events.ts";
import type { World } from "../../monitor/world.ts";
import { type EpochMs, formatDuration, formatTime } from "../../series/time.ts";
import type { DroppedTarget, Target } from "../../targets/target.ts";
import type { ApiTarget, ApiTargets } from "../../web/api-types.ts";
import { NEVER } from "./rule-views.ts";

/** Dropped targets that are listed; all are counted. */
const MOST_DROPPED = 1_000;

/** The targets as discovery left them. */
export interface TargetSet {
  readonly active: readonly Target[];
  readonly dropped: readonly DroppedTarget[];
}

/** What the last scrape of a target came to. */
interface LastScrape {
  readonly at: EpochMs;
  readonly seconds: number;
  readonly failure: string | undefined;
}

/** The last scrape of each target, as they are told. */
export class LastScrapes {
  readonly #byTarget = new Map<string, LastScrape>();

  tell(event: MonitorEvent): void {
    if (event.kind === "target-gone") this.#byTarget.delete(event.target.key);
    if (event.kind !== "scraped") return;
    const { target, at, seconds, outcome, why } = event;
    const failure = outcome === "page" ? undefined : `${outcome}${why === undefined ? "" : `: ${why}`}`;
    this.#byTarget.set(target.key, { at, seconds, failure });
  }

  of(target: Target): LastScrape | undefined {
    return this.#byTarget.get(target.labels.key);
  }
}

/** The targets that are scraped and how that goes, and those that were dropped. */
export function showTargets({ active, dropped }: TargetSet, scrapes: LastScrapes): ApiTargets {
  const counts = new Map<string, number>();
  for (const { job } of dropped) counts.set(job, (counts.get(job) ?? 0) + 1);
  return {
    activeTargets: active.map((target) => showTarget(target, scrapes.of(target))),
    droppedTargets: dropped.slice(0, MOST_DROPPED).map(({ job, discoveredLabels, why }) => {
      return { discoveredLabels: discoveredLabels.toJSON(), scrapePool: job, why };
    }),
    droppedTargetCounts: Object.fromEntries(counts),
  };
}

function showTarget(target: Target, last: LastScrape | undefined): ApiTarget {
  const url = withoutCredentials(target.url);
  return {
    discoveredLabels: target.discoveredLabels.toJSON(),
    labels: target.labels.toJSON(),
    scrapePool: target.job.jobName,
    scrapeUrl: url,
    globalUrl: url,
    lastError: last?.failure ?? "",
    lastScrape: last === undefined ? NEVER : formatTime(last.at),
    lastScrapeDuration: last?.seconds ?? 0,
    health: last === undefined ? "unknown" : last.failure === undefined ? "up" : "down",
    scrapeInterval: formatDuration(target.scrapeInterval),
    scrapeTimeout: formatDuration(target.scrapeTimeout),
  };
}

function withoutCredentials(text: string): string {
  const url = new URL(text);
  if (url.username === "" && url.password === "") return text;
  url.username = "";
  url.password = "";
  return url.href;
}

/** How many of the targets answered at their last scrape. */
export function countUp(world: World): number {
  let up = 0;
  for (const { down, lastSuccess } of world.targets.values()) if (!down && lastSuccess !== undefined) up++;
  return up;
}
