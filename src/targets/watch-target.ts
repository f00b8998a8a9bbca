import type { Scheduled } from "./schedule.ts";
import { Scraper } from "./scraper.ts";
import type { Target } from "./target.ts";

/** A target and the connection it is scraped over. */
export interface WatchedTarget extends Scheduled {
  readonly target: Target;
  readonly scraper: Scraper;
}

/** Makes a target ready to be scraped; the connection is made by the first scrape. */
export function watchTarget(target: Target, userAgent: string): WatchedTarget {
  const { url, scrapeTimeout: timeout, job } = target;
  return watched(target, new Scraper({ url, timeout, bodySizeLimit: job.bodySizeLimit, http: job.http }, userAgent));
}

const watched = (target: Target, scraper: Scraper): WatchedTarget => ({
  target,
  labels: target.labels,
  interval: target.scrapeInterval,
  scraper,
  scrape: () => scraper.scrape(),
});

/** The targets that are scraped now, each with its connection, while targets come, go and change. */
export class WatchedTargets {
  readonly #userAgent: string;
  #watched = new Map<string, WatchedTarget>();

  constructor(userAgent: string) {
    this.#userAgent = userAgent;
  }

  /**
   * Sets the targets, for a schedule's `replace`. A target that is asked the same way as before keeps its connection. One that is
   * asked another way gets a new one, and a scrape under way on the old one ends in peace; one that is gone ends at once.
   */
  replace(targets: readonly Target[]): readonly WatchedTarget[] {
    const before = this.#watched;
    this.#watched = new Map();
    for (const target of targets) {
      const known = before.get(target.labels.key);
      const keeps = known !== undefined && askedAlike(known.target, target);
      const now = known?.target === target ? known : keeps ? watched(target, known.scraper) : undefined;
      this.#watched.set(target.labels.key, now ?? watchTarget(target, this.#userAgent));
      if (known !== undefined && !keeps) void known.scraper.retire();
    }
    for (const [key, { scraper }] of before) if (!this.#watched.has(key)) void scraper.close();
    return [...this.#watched.values()];
  }

  /** Ends all connections, and what is under way on them. */
  async close(): Promise<void> {
    await Promise.all([...this.#watched.values()].map(({ scraper }) => scraper.close()));
  }
}

const askedAlike = (a: Target, b: Target): boolean =>
  a.job === b.job && a.url === b.url && a.scrapeTimeout === b.scrapeTimeout;
