import type { Labels } from "../series/labels.ts";
import { durationMs, SECOND } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";
import type { Discovery, TargetGroup } from "./discovery/discovery.ts";
import { makeDiscovery } from "./discovery/index.ts";
import type { DiscoveryPorts } from "./discovery/ports.ts";
import { loadOf, MAX_TARGETS, MAX_TOTAL_WEIGHT, targetWeight } from "./discovery/weight.ts";
import type { DiscoveryOptions, ScrapeJob } from "./job.ts";
import { stableText } from "./stable-text.ts";
import type { DroppedTarget, Target } from "./target.ts";
import { buildTarget } from "./target-builder.ts";

/** All targets there are now. */
export interface TargetsFound {
  readonly targets: readonly Target[];
  /** The first of those that are not scraped, at most a thousand, and why. */
  readonly dropped: readonly DroppedTarget[];
  readonly droppedTotal: number;
}

/** Changes are dealt with at most so often, and a discovery that has not answered yet is waited for so long. */
const SETTLE = durationMs(5 * SECOND);
const MAX_DROPPED = 1_000;
/** What the targets that are told as dropped may weigh. */
const MAX_DROPPED_WEIGHT = 8_388_608;

/** A discovery that runs; several jobs may look at what it finds. */
interface Source {
  readonly discovery: Discovery;
  /** Undefined until it has answered. */
  groups: readonly TargetGroup[] | undefined;
  /** Of the targets in its groups. */
  weight: number;
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
  /** Those of the jobs, and while these are replaced those that were and those that will be. */
  readonly #running = new Set<Source>();
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
    for (const [key, source] of this.#sources) if (!sources.has(key)) this.#end(source);
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
    for (const source of this.#sources.values()) this.#end(source);
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
    const source: Source = { discovery: makeDiscovery(options, this.#ports), groups: undefined, weight: 0 };
    into.set(key, source);
    this.#running.add(source);
    source.discovery.start((groups) => {
      this.#take(source, groups, options.kind);
      this.#arm();
    });
    return key;
  }

  /** Takes over what a discovery has found, unless all of them together have found too much: then it keeps what it had. */
  #take(source: Source, groups: readonly TargetGroup[], kind: DiscoveryOptions["kind"]): void {
    const { weight } = loadOf(groups);
    const all = [...this.#running].reduce((sum, other) => sum + (other === source ? weight : other.weight), 0);
    if (all <= MAX_TOTAL_WEIGHT) {
      source.groups = groups;
      source.weight = weight;
      return;
    }
    source.groups ??= [];
    const expected = `expected at most ${MAX_TOTAL_WEIGHT}; those there were stay`;
    this.#ports.failed(
      kind,
      `Cannot use targets that weigh ${all} characters with those of all discoveries: ${expected}`,
    );
  }

  #end(source: Source): void {
    const { discovery } = source;
    this.#running.delete(source);
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
    let [droppedTotal, droppedWeight, weight] = [0, 0, 0];
    const drop = (one: DroppedTarget) => {
      droppedWeight += targetWeight(one.discoveredLabels);
      if (++droppedTotal <= MAX_DROPPED && droppedWeight <= MAX_DROPPED_WEIGHT) dropped.push(one);
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
            : weight + targetWeight(target.discoveredLabels) > MAX_TOTAL_WEIGHT
              ? `the labels of all targets are more than ${MAX_TOTAL_WEIGHT} characters`
              : undefined;
      if (why !== undefined) drop({ job: job.jobName, discoveredLabels: target.discoveredLabels, why });
      else {
        weight += targetWeight(target.discoveredLabels);
        targets.set(target.labels.key, kept(before.get(target.labels.key), target));
      }
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
    a.dropped.length === b.dropped.length &&
    a.targets.every((target, i) => target === b.targets[i]) &&
    a.dropped.every((one, i) => {
      const other = b.dropped[i];
      return one.why === other?.why && one.job === other.job && one.discoveredLabels.equals(other.discoveredLabels);
    })
  );
}
