import type { Logger } from "pino";
import { Registry } from "prom-client";
import { createLogger, type LogFormat, type LogLevel, type LogSink } from "./log.ts";
import { type SelfMetrics, selfMetrics } from "./self-metrics.ts";

/** Which build runs, and how and where it logs. */
interface TelemetryOptions {
  readonly version: string;
  readonly revision: string;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly sink: LogSink;
}

/** Where a mistake of our own was caught: the bulkheads of the program. */
type BugPlace = "page" | "rule" | "web";

/** An alert's step, as far as it is told here. */
interface ToldTransition {
  readonly alertname: string;
  readonly state: "pending" | "firing" | "resolved";
  /** The labels as text. */
  readonly labels: string;
  readonly reason?: string;
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

  constructor(options: TelemetryOptions) {
    this.log = createLogger(options.logLevel, options.logFormat, options.sink);
    this.#metrics = selfMetrics(this.#registry);
    const { version, revision } = options;
    this.#metrics.build.set({ version, revision, nodeversion: process.version }, 1);
  }

  /** All self-metrics in text format 0.0.4. */
  metricsText(): Promise<string> {
    return this.#registry.metrics();
  }

  /**
   * A scrape ended. Each is told at debug only; a target that begins to fail, fails in another way or recovers, is told aloud.
   * @param outcome "body" is success, any other kind a failure
   */
  scrapeFinished(target: string, outcome: { kind: string; why?: string }, seconds: number, samples: number): void {
    this.#metrics.scrapes.inc({ outcome: outcome.kind });
    this.#metrics.scrapeSeconds.observe(seconds);
    this.#metrics.samples.inc(samples);
    const { kind, why } = outcome;
    this.log.debug({ target, outcome: kind, why, seconds, samples }, "scrape finished");
    const before = this.#failing.get(target);
    if (kind === "body") {
      if (this.#failing.delete(target)) this.log.info({ target, after: before }, "target can be scraped again");
    } else if (kind !== before) {
      this.#failing.set(target, kind);
      this.log.warn({ target, outcome: kind, why }, "target cannot be scraped");
    }
  }

  /** A target was taken away; should it come back, it begins afresh. */
  targetGone(target: string): void {
    this.#failing.delete(target);
    this.log.info({ target }, "target is no longer watched");
  }

  /** Scrapes were left out. */
  slotsMissed(count: number): void {
    if (count <= 0) return;
    this.#metrics.missedSlots.inc(count);
    this.log.debug({ count }, "scrape slots missed");
  }

  /** A rule was evaluated; `failure` says why it could not be. */
  ruleEvaluated(rule: string, seconds: number, failure?: string): void {
    this.#metrics.ruleSeconds.observe(seconds);
    if (failure === undefined) return;
    this.#metrics.ruleFailures.inc({ rule });
    this.log.error({ rule, why: failure }, "rule cannot be evaluated; its alerts are held");
  }

  /** An alert took a step. Told at debug only: whoever runs the program prints or sends it. */
  alertTransition({ alertname, state, labels, reason }: ToldTransition): void {
    this.#metrics.transitions.inc({ state });
    this.log.debug({ alertname, labels, reason }, `alert ${state}`);
  }

  /**
   * What was odd about a page that was read: lines that Triton would not write, or no line of Triton's at all. Told aloud when it
   * begins and when it changes its kind, not at each scrape.
   */
  pageOddities(target: string, problems: readonly PageOddity[], series: number): void {
    for (const { kind } of problems) this.#metrics.pageProblems.inc({ kind });
    const odd = [...new Set(problems.map(({ kind }) => kind)), ...(series === 0 ? ["no-triton"] : [])].join();
    if ((this.#odd.get(target) ?? "") === odd) return;
    this.#odd.set(target, odd);
    if (series === 0) this.log.warn({ target }, "the page has no metric of a Triton: is this the right port?");
    for (const { kind, line, text, why } of problems.slice(0, 5)) {
      this.log.warn({ target, kind, line, text, why }, "scrape problem");
    }
    if (odd === "") this.log.info({ target }, "the page is in order again");
  }

  /** Something happened to a model of a target; `announced` names the window or announcement that covers it. */
  modelEvent(target: string, event: string, model: string, announced: string | undefined): void {
    this.log.info({ target, event, model, announced }, "model event");
  }

  /** A mistake of our own was contained by a bulkhead. */
  bugCaught(where: BugPlace, error: unknown, about?: string): void {
    this.#metrics.bugs.inc({ where });
    const stack = error instanceof Error ? error.stack : undefined;
    this.log.error({ where, about, err: String(error), stack }, "internal error");
  }

  /** The configuration was loaded, or not; `at` in seconds since the epoch. */
  configLoaded(at: number): void {
    this.#metrics.reloadOk.set(1);
    this.#metrics.reloadTime.set(at);
    this.log.info("configuration loaded");
  }

  configRefused(why: string): void {
    this.#metrics.reloadOk.set(0);
    this.log.error({ why }, "configuration refused; the one before stays in force");
  }

  /** How much the store holds. */
  storeMeasured(store: { reachSeconds: number; bytes: number; series: number }): void {
    this.#metrics.storeReach.set(store.reachSeconds);
    this.#metrics.storeBytes.set(store.bytes);
    this.#metrics.storeSeries.set(store.series);
  }
}
