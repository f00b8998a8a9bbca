import type { Labels } from "../series/labels.ts";
import { durationMs, SECOND } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";
import type { Discovery, TargetGroup } from "./discovery/discovery.ts";
import { makeDiscovery } from "./discovery/index.ts";
import type { DiscoveryPorts } from "./discovery/ports.ts";
import type { DiscoveryOptions, ScrapeJob } from "./job.ts";
import { stableText } from "./stable-text.ts";
import type { DroppedTarget, Target } from "./target.ts";
import { buildTarget } from "./target-builder.ts";

/** All targets there are now. */
export interface TargetsFound {
  readonly targets: readonly Target[];
  /** The first thousand of those that are not scraped, and why. */
  readonly dropped: readonly DroppedTarget[];
  readonly droppedTotal: number;
}

/** Changes are dealt with at most so often, and a discovery that has not answered yet is waited for so long. */
const SETTLE = durationMs(5 * SECOND);
const MAX_TARGETS = 20_000;
const MAX_DROPPED = 1_000;

/** A discovery that runs; several jobs may look at what it finds. */
interface Source {
  readonly discovery: Discovery;
  /** Undefined until it has answered. */
  groups: readonly TargetGroup[] | undefined;
}

interface Job {
  readonly job: ScrapeJob;
  readonly text: string;
  /** Keys of its sources. */
  readonly sources: readonly string[];
}

/**
 * Runs the discoveries of all jobs and tells which targets there are: first when all discoveries have answered or after five
 * seconds, then at most every five seconds when something has changed. A target that has not changed stays the same object.
 */
export class TargetSet {
  readonly #ports: DiscoveryPorts;
  readonly #changed: (found: TargetsFound) => void;
  #jobs: readonly Job[] = [];
  #sources = new Map<string, Source>();
  #stopping: Promise<void>[] = [];
  #told: TargetsFound | undefined;
  #notBefore = Number.NEGATIVE_INFINITY;
  #waitUntil = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #replacing = false;
  #stopped = false;

  constructor(ports: DiscoveryPorts, changed: (found: TargetsFound) => void) {
    this.#ports = ports;
    this.#changed = changed;
  }

  /**
   * Sets the jobs; the first call begins the looking. Discoveries with the same options go on, those of no job end. Where all
   * are static, `changed` is called before this returns.
   */
  replaceJobs(jobs: readonly ScrapeJob[]): void {
    if (this.#stopped) return;
    const before = new Map(this.#jobs.map((one) => [one.text, one]));
    const sources = new Map<string, Source>();
    this.#replacing = true;
    this.#jobs = jobs.map((job) => {
      const text = stableText(job);
      const keys = job.discoveries.map((options) => this.#source(options, sources));
      // The job as it was, so that its targets stay the same.
      return before.get(text) ?? { job, text, sources: keys };
    });
    for (const [key, { discovery }] of this.#sources) if (!sources.has(key)) this.#end(discovery);
    this.#sources = sources;
    this.#replacing = false;
    this.#notBefore = Number.NEGATIVE_INFINITY;
    this.#waitUntil = this.#ports.clock.now() + SETTLE;
    this.#arm();
  }

  /** Ends all looking; nothing is told any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    for (const { discovery } of this.#sources.values()) this.#end(discovery);
    this.#sources.clear();
    await Promise.all(this.#stopping);
  }

  /** Sees to it that a discovery runs, and returns its key. */
  #source(options: DiscoveryOptions, into: Map<string, Source>): string {
    const key = stableText(options);
    if (into.has(key)) return key;
    const known = this.#sources.get(key);
    if (known !== undefined) {
      into.set(key, known);
      return key;
    }
    const source: Source = { discovery: makeDiscovery(options, this.#ports), groups: undefined };
    into.set(key, source);
    source.discovery.start((groups) => {
      source.groups = groups;
      this.#arm();
    });
    return key;
  }

  #end(discovery: Discovery): void {
    const ended = discovery.stop().then(() => {
      this.#stopping = this.#stopping.filter((other) => other !== ended);
    });
    this.#stopping.push(ended);
  }

  /** Tells what has changed now, or sets the timer to when it may be told. */
  #arm(): void {
    if (this.#replacing || this.#stopped) return;
    const now = this.#ports.clock.now();
    const unanswered = [...this.#sources.values()].some(({ groups }) => groups === undefined);
    const at = Math.max(this.#notBefore, unanswered ? this.#waitUntil : now);
    this.#cancel?.();
    this.#cancel = undefined;
    if (at <= now) this.#tell();
    else this.#cancel = this.#ports.clock.setTimer(durationMs(at - now), () => this.#arm());
  }

  #tell(): void {
    const found = this.#build();
    if (this.#told !== undefined && same(this.#told, found)) return;
    this.#told = found;
    this.#notBefore = this.#ports.clock.now() + SETTLE;
    this.#changed(found);
  }

  #build(): TargetsFound {
    const before = new Map(this.#told?.targets.map((target) => [target.labels.key, target]));
    const targets = new Map<string, Target>();
    const dropped: DroppedTarget[] = [];
    let droppedTotal = 0;
    const drop = (one: DroppedTarget) => {
      if (++droppedTotal <= MAX_DROPPED) dropped.push(one);
    };
    for (const [job, discovered] of this.#discovered()) {
      const built = buildTarget(job, discovered);
      if (built.kind === "dropped") {
        drop(built.dropped);
        continue;
      }
      const { target } = built;
      const twin = targets.get(target.labels.key);
      const why =
        twin !== undefined
          ? `another target has the same labels: ${printable(twin.url, 300)}`
          : targets.size >= MAX_TARGETS
            ? `there are more than ${MAX_TARGETS} targets`
            : undefined;
      if (why !== undefined) drop({ job: job.jobName, discoveredLabels: target.discoveredLabels, why });
      else targets.set(target.labels.key, kept(before.get(target.labels.key), target));
    }
    return { targets: [...targets.values()], dropped, droppedTotal };
  }

  *#discovered(): Generator<readonly [ScrapeJob, Labels], void, undefined> {
    for (const { job, sources } of this.#jobs) {
      for (const key of sources) {
        for (const { targets } of this.#sources.get(key)?.groups ?? []) {
          for (const labels of targets) yield [job, labels];
        }
      }
    }
  }
}

/** The target as it was, where nothing about it has changed. */
function kept(before: Target | undefined, now: Target): Target {
  const unchanged =
    before !== undefined &&
    before.job === now.job &&
    before.url === now.url &&
    before.scrapeInterval === now.scrapeInterval &&
    before.scrapeTimeout === now.scrapeTimeout &&
    before.discoveredLabels.equals(now.discoveredLabels);
  return unchanged ? before : now;
}

function same(a: TargetsFound, b: TargetsFound): boolean {
  return (
    a.targets.length === b.targets.length &&
    a.droppedTotal === b.droppedTotal &&
    a.targets.every((target, i) => target === b.targets[i]) &&
    a.dropped.every((one, i) => {
      const other = b.dropped[i];
      return one.why === other?.why && one.job === other.job && one.discoveredLabels.equals(other.discoveredLabels);
    })
  );
}
