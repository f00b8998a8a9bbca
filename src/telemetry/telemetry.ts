import type { Logger } from "pino";
import { Registry } from "prom-client";
import { DeliveryTelemetry } from "./delivery-telemetry.ts";
import { LearningTelemetry } from "./learning-telemetry.ts";
import { createLogger, type LogFormat, type LogLevel, type LogSink } from "./log.ts";
import { type SelfMetrics, selfMetrics } from "./self-metrics.ts";

/** Which build runs, and how and where it logs. */
interface TelemetryOptions {
  readonly version: string;
  readonly revision: string;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly sink: LogSink;
  /** Milliseconds since the epoch; the system's clock where it is left out. */
  readonly now?: () => number;
}

/** Where a mistake of our own was caught: the bulkheads of the program. */
type BugPlace = "page" | "rule" | "web";

/** An alert's step, as far as it is told here. */
interface ToldTransition {
  readonly alertname: string;
  /** Its label. */
  readonly severity?: string | undefined;
  readonly state: "pending" | "firing" | "resolved";
  /** The labels as text. */
  readonly labels: string;
  readonly reason?: string;
}

/** What there may be no room for: series of pages, series we write, model versions, subjects of rules. */
const REFUSED = ["series", "recorded", "models", "subjects"] as const;
type Refused = (typeof REFUSED)[number];

/** Severities counted by name; whoever takes them from labels of targets gets "other" for the rest. */
const MAX_SEVERITIES = 20;

/** A target in metrics and logs; two jobs may watch the same instance. */
interface ToldTarget {
  readonly job: string;
  readonly instance: string;
}

/** One line of a page that is no good. */
interface PageOddity {
  readonly kind: string;
  readonly line: number;
  readonly text: string;
  readonly why: string;
}

/** What the program says of itself: one method an event, each a metric and a log line. */
export class Telemetry {
  /** For what happens once: starting, listening, stopping. */
  readonly log: Logger;
  readonly #registry = new Registry();
  readonly #metrics: SelfMetrics;
  /** The last failure of each target that fails, so that only changes are told. */
  readonly #failing = new Map<string, string>();
  /** What was odd about the last page of each target. */
  readonly #odd = new Map<string, string>();
  #rules: ReadonlySet<string> = new Set();
  readonly #severities = new Set<string>();
  readonly #refused = new Map<Refused, number>();
  /** What is told of delivery: the observer of every `Delivery`. */
  readonly delivery: DeliveryTelemetry;
  /** What is told of what is learned from people, and from alarms that last. */
  readonly learning: LearningTelemetry;

  constructor(options: TelemetryOptions) {
    this.log = createLogger(options.logLevel, options.logFormat, options.sink);
    this.#metrics = selfMetrics(this.#registry);
    this.delivery = new DeliveryTelemetry(this.#registry, this.log, options.now ?? Date.now);
    this.learning = new LearningTelemetry(this.#registry, this.log);
    const { version, revision } = options;
    this.#metrics.build.set({ version, revision, nodeversion: process.version }, 1);
    this.#beginAtZero();
  }

  /** A count that appears with its first event shows no rise: where the labels are known it is there from the start. */
  #beginAtZero(): void {
    const { transitions, reloads, announcements, refused, bugs, lastStep, reloadTime } = this.#metrics;
    for (const state of ["pending", "firing", "resolved"]) transitions.inc({ state }, 0);
    for (const outcome of ["loaded", "refused"]) reloads.inc({ outcome }, 0);
    for (const outcome of ["accepted", "refused"]) announcements.inc({ outcome }, 0);
    for (const what of REFUSED) refused.inc({ what }, 0);
    for (const where of ["page", "rule", "web"]) bugs.inc({ where }, 0);
    // A time that has not come yet is none.
    for (const time of [lastStep, reloadTime]) time.remove();
  }

  /** All self-metrics in text format 0.0.4. */
  async metricsText(): Promise<string> {
    // prom-client has a spelling of its own for what is no number.
    return (await this.#registry.metrics()).replace(/ Nan$/gm, " NaN");
  }

  /**
   * A scrape ended. Each is told at debug only; a target that begins to fail, fails in another way or recovers, is told aloud.
   * @param outcome "body" is success, any other kind a failure
   */
  scrapeFinished(
    { job, instance: target }: ToldTarget,
    outcome: { kind: string; why?: string },
    seconds: number,
    samples: number,
  ): void {
    const known = keyOf(job, target);
    this.#metrics.scrapes.inc({ outcome: outcome.kind });
    this.#metrics.scrapeSeconds.observe(seconds);
    this.#metrics.samples.inc(samples);
    const { kind, why } = outcome;
    this.log.debug({ job, target, outcome: kind, why, seconds, samples }, "scrape finished");
    const before = this.#failing.get(known);
    if (kind === "body") {
      if (this.#failing.delete(known)) this.log.info({ job, target, after: before }, "target can be scraped again");
    } else if (kind !== before) {
      this.#failing.set(known, kind);
      this.log.warn({ job, target, outcome: kind, why }, "target cannot be scraped");
    }
  }

  /** A target was taken away; should it come back, it begins afresh. */
  targetGone({ job, instance: target }: ToldTarget): void {
    this.#failing.delete(keyOf(job, target));
    this.#odd.delete(keyOf(job, target));
    this.log.info({ job, target }, "target is no longer watched");
  }

  /** Scrapes were left out. */
  slotsMissed(count: number): void {
    if (count <= 0) return;
    this.#metrics.missedSlots.inc(count);
    this.log.debug({ count }, "scrape slots missed");
  }

  /** Which targets are watched, and how many more were found, by job. */
  targetsChanged(jobs: ReadonlyMap<string, { readonly active: number; readonly dropped: number }>): void {
    const { discovered, droppedTargets } = this.#metrics;
    discovered.reset();
    droppedTargets.reset();
    for (const [target_job, { active, dropped }] of jobs) {
      discovered.set({ target_job }, active);
      droppedTargets.set({ target_job }, dropped);
    }
  }

  /** A look for targets failed. */
  discoveryFailed(kind: string, why: string): void {
    this.#metrics.discoveryFailures.inc({ kind });
    this.log.warn({ kind, why }, "targets cannot be looked up; those there were stay");
  }

  /** Scrapes were taken in and rules evaluated; `at` in seconds since the epoch. */
  stepped(at: number): void {
    this.#metrics.lastStep.set(at);
  }

  /** These rules are evaluated from now on; what was counted of others is forgotten, what is to be counted begins at 0. */
  rulesInForce(rules: Iterable<{ readonly name: string; readonly severity?: string }>): void {
    const { ruleEvaluations, ruleTime, ruleFailures, fired } = this.#metrics;
    const names = new Set<string>();
    for (const { name: rule, severity } of rules) {
      names.add(rule);
      for (const counter of [ruleEvaluations, ruleTime, ruleFailures]) counter.inc({ rule }, 0);
      if (severity !== undefined) fired.inc({ alertname: rule, severity: this.#severity(severity) }, 0);
    }
    for (const rule of this.#rules) {
      if (names.has(rule)) continue;
      for (const counter of [ruleEvaluations, ruleTime, ruleFailures]) counter.remove({ rule });
      this.learning.forget(rule);
      for (const severity of [...this.#severities, "other"]) fired.remove({ alertname: rule, severity });
    }
    this.#rules = names;
  }

  /** A rule was evaluated; `failure` says why it could not be. */
  ruleEvaluated(rule: string, seconds: number, failure?: string): void {
    const spent = Math.max(0, seconds);
    this.#metrics.ruleSeconds.observe(spent);
    this.#metrics.ruleEvaluations.inc({ rule });
    this.#metrics.ruleTime.inc({ rule }, spent);
    if (failure === undefined) return;
    this.#metrics.ruleFailures.inc({ rule });
    this.log.error({ rule, why: failure }, "rule cannot be evaluated; its alerts are held");
  }

  /** An alert took a step. Told at debug only: whoever runs the program prints or sends it. */
  alertTransition({ alertname, severity, state, labels, reason }: ToldTransition): void {
    this.#metrics.transitions.inc({ state });
    if (state === "firing") this.#metrics.fired.inc({ alertname, severity: this.#severity(severity ?? "") });
    this.log.debug({ alertname, labels, reason }, `alert ${state}`);
  }

  /**
   * What was odd about a page that was read: lines that Triton would not write, or no line of Triton's at all. Told aloud when it
   * begins and when it changes its kind, not at each scrape.
   */
  pageOddities({ job, instance: target }: ToldTarget, problems: readonly PageOddity[], series: number): void {
    for (const { kind } of problems) this.#metrics.pageProblems.inc({ kind });
    const odd = [...new Set(problems.map(({ kind }) => kind)), ...(series === 0 ? ["no-triton"] : [])].join();
    if ((this.#odd.get(keyOf(job, target)) ?? "") === odd) return;
    this.#odd.set(keyOf(job, target), odd);
    if (series === 0) this.log.warn({ job, target }, "the page has no metric of a Triton: is this the right port?");
    for (const { kind, line, text, why } of problems.slice(0, 5)) {
      this.log.warn({ job, target, kind, line, text, why }, "scrape problem");
    }
    if (odd === "") this.log.info({ job, target }, "the page is in order again");
  }

  /** Something happened to a model of a target; `announced` names the window or announcement that covers it. */
  modelEvent(target: string, event: string, model: string, announced: string | undefined): void {
    this.log.info({ target, event, model, announced }, "model event");
  }

  /** Somebody announced a model change, and may do so or not. */
  announced(outcome: "accepted" | "refused", what: { model: string; by: string; why?: string }): void {
    this.#metrics.announcements.inc({ outcome });
    this.log.info(what, `announcement ${outcome}`);
  }

  /** How many clients listen to the stream of events. */
  streamClients(count: number): void {
    this.#metrics.streamClients.set(count);
  }

  /** A mistake of our own was contained by a bulkhead. */
  bugCaught(where: BugPlace, error: unknown, about?: string): void {
    this.#metrics.bugs.inc({ where });
    const stack = error instanceof Error ? error.stack : undefined;
    this.log.error({ where, about, err: String(error), stack }, "internal error");
  }

  /**
   * The configuration was loaded.
   * @param at seconds since the epoch
   * @param hash tells this configuration from others; no secret can be read from it
   */
  configLoaded(at: number, hash?: string): void {
    const { reloadOk, reloadTime, reloads, configHash } = this.#metrics;
    reloadOk.set(1);
    reloadTime.set(at);
    reloads.inc({ outcome: "loaded" });
    configHash.reset();
    if (hash !== undefined) configHash.set({ hash }, 1);
    this.log.info({ hash }, "configuration loaded");
  }

  /** The configuration cannot be used. */

  configRefused(why: string): void {
    this.#metrics.reloadOk.set(0);
    this.#metrics.reloads.inc({ outcome: "refused" });
    this.log.error({ why }, "configuration refused; the one before stays in force");
  }

  /** How much the store holds. */
  storeMeasured(store: { reachSeconds: number; bytes: number; series: number }): void {
    this.#metrics.storeReach.set(store.reachSeconds);
    this.#metrics.storeBytes.set(store.bytes);
    this.#metrics.storeSeries.set(store.series);
  }

  /** How often something has found no room so far. Where a number falls, because a target went, it is counted on from there. */
  refusedSoFar(totals: Readonly<Partial<Record<Refused, number>>>): void {
    for (const what of REFUSED) {
      const total = totals[what];
      if (total === undefined) continue;
      this.#metrics.refused.inc({ what }, Math.max(0, total - (this.#refused.get(what) ?? 0)));
      this.#refused.set(what, total);
    }
  }

  #severity(severity: string): string {
    if (this.#severities.size < MAX_SEVERITIES) this.#severities.add(severity);
    return this.#severities.has(severity) ? severity : "other";
  }
}

const keyOf = (job: string, instance: string): string => JSON.stringify([job, instance]);
