import type { Input } from "../monitor/inputs.ts";
import type { Clock } from "../series/clock.ts";
import type { Labels } from "../series/labels.ts";
import type { DiscoveryPorts } from "../targets/discovery/ports.ts";
import type { ScrapeJob } from "../targets/job.ts";
import { type ScrapeResult, ScrapeSchedule } from "../targets/schedule.ts";
import { TargetSet, type TargetsFound } from "../targets/target-set.ts";
import { type WatchedTarget, WatchedTargets } from "../targets/watch-target.ts";

const NOTHING_FOUND: TargetsFound = { targets: [], dropped: [], droppedTotal: 0 };

/** Who hears of what scraping brings. */
export interface ScrapingPorts {
  readonly clock: Clock;
  readonly discovery: DiscoveryPorts;
  /** What came in, to be stepped over at once: a page in it is valid until this returns. */
  inputs(inputs: readonly Input[]): void;
  /** The targets are others than before, or the jobs they were found for. */
  targets(found: TargetsFound, jobs: readonly ScrapeJob[]): void;
  /** Targets there were before belong to another job, or to one with other options. */
  rejobbed(): void;
}

/** Finds the targets of all jobs and scrapes them on their slots. */
export class Scraping {
  readonly #ports: ScrapingPorts;
  readonly #set: TargetSet;
  readonly #watched: WatchedTargets;
  readonly #schedule: ScrapeSchedule<WatchedTarget>;
  #found = NOTHING_FOUND;
  #wanted: readonly ScrapeJob[] = [];
  #jobs = new Map<string, { readonly labels: Labels; readonly job: ScrapeJob }>();

  constructor(ports: ScrapingPorts) {
    this.#ports = ports;
    this.#watched = new WatchedTargets(ports.discovery.userAgent);
    this.#schedule = new ScrapeSchedule(ports.clock, (results) => ports.inputs(results.map(inputOf)));
    this.#set = new TargetSet(ports.discovery, (found) => this.#replace(found));
  }

  /** The targets there are now. */
  get found(): TargetsFound {
    return this.#found;
  }

  /** Scrapes left out so far because their target was still busy or the program was late. */
  get missedSlots(): number {
    return this.#schedule.missedSlots;
  }

  /** The job of a target that is scraped. */
  jobOf(target: Labels): ScrapeJob | undefined {
    return this.#jobs.get(target.key)?.job;
  }

  /** Begins with these jobs, or goes on with others. */
  replaceJobs(jobs: readonly ScrapeJob[]): void {
    this.#wanted = jobs;
    this.#set.replaceJobs(jobs);
    // Where the targets stay as they are, nobody else tells of a job that has none.
    this.#ports.targets(this.#found, jobs);
  }

  async stop(): Promise<void> {
    this.#schedule.stop();
    await Promise.all([this.#set.stop(), this.#watched.close()]);
  }

  #replace(found: TargetsFound): void {
    const before = this.#jobs;
    this.#found = found;
    this.#jobs = new Map(found.targets.map(({ labels, job }) => [labels.key, { labels, job }]));
    this.#schedule.replace(this.#watched.replace(found.targets));
    const gone = [...before].filter(([key]) => !this.#jobs.has(key));
    if (gone.length > 0) {
      this.#ports.inputs(gone.map(([, { labels }]) => ({ kind: "target-gone", target: labels })));
    }
    const moved = [...this.#jobs].some(([key, { job }]) => (before.get(key)?.job ?? job) !== job);
    if (moved) this.#ports.rejobbed();
    this.#ports.targets(found, this.#wanted);
  }
}

const inputOf = ({ target, at, duration, outcome }: ScrapeResult<WatchedTarget>): Input => ({
  kind: "scrape",
  target: target.labels,
  at,
  seconds: duration / 1000,
  outcome,
});
