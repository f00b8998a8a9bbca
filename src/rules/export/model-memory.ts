import { jobMatcher, ofJobs, parens } from "./promql-text.ts";
import type { Scales } from "./scales.ts";
import type { ExportOptions, Recording } from "./types.ts";

/** The labels of a model version, those of a model, those of its server. */
const VERSION = "job, instance, model, version, namespace";
const MODEL = "job, instance, model, namespace";
const SERVER = "job, instance";

/** Labels that an event's alert can have. */
export const EVENT_LABELS: readonly string[] = VERSION.split(", ");

/** The recorded series of events: one for each event of the evaluation. */
export const EVENTS = "triton_sentinel:model_event";

const SERVING = "triton_sentinel:model:serving";
const LOAD = "triton_sentinel:model:load_seconds";
const SUCCESSES = "triton_sentinel:model:successes";
const FAILURES = "triton_sentinel:model:failures";
const ENERGY = "triton_sentinel:server:energy";
const KNOWN = "triton_sentinel:server:known";

/** Any of these shows that a model serves. */
const WITNESSES = ["nv_inference_request_success", "nv_inference_count", "nv_model_load_duration_secs"];

/** The times of `inventory.ts`, which decide what belongs together. */
const ROLLOVER = "2m";
const SUCCESSION = "1m";
const DRAIN = "1m";

/**
 * What each server showed on its last good page, kept while it cannot be scraped, and the events between that and the page
 * before: the inventory (`models/inventory.ts`, `models/restart.ts`) as recording rules that read what they recorded before.
 */
export function modelMemory({ lag }: Scales, options: ExportOptions): readonly Recording[] {
  const { jobs } = options;
  const job = jobMatcher(jobs);
  const up = ofJobs("up", jobs);
  const kept = (name: string, now: string): Recording => ({
    name,
    expr: `${now}\nor (${name} and on (${SERVER}) ${up} == 0)`,
    labels: {},
  });
  return [
    kept(KNOWN, `group by (${SERVER}) (${up} == 1)`),
    kept(SERVING, `group by (${VERSION}) ({__name__=~"${WITNESSES.join("|")}", model!="", ${job}})`),
    kept(LOAD, `max by (${VERSION}) (nv_model_load_duration_secs{model!="", ${job}} >= 0)`),
    kept(SUCCESSES, `sum by (${VERSION}) (nv_inference_request_success{model!="", ${job}})`),
    kept(FAILURES, `sum by (${VERSION}) (nv_inference_request_failure{model!="", reason!="", ${job}})`),
    kept(ENERGY, `sum by (${SERVER}) (nv_energy_consumption{${job}})`),
    ...new Events(lag, up, options.dialect).recordings(),
  ];
}

/** The events as expressions over the memory of this evaluation and of the one before. */
class Events {
  readonly #lag: string;
  readonly #up: string;
  readonly #restarted: string;

  constructor(lag: string, up: string, dialect: ExportOptions["dialect"]) {
    this.#lag = lag;
    this.#up = up;
    // In VictoriaMetrics what this group recorded just now cannot be read yet.
    const recorded = `${EVENTS}{event="restarted"}`;
    this.#restarted = `on (${SERVER}) ${dialect === "prometheus" ? recorded : parens(this.#restart())}`;
  }

  recordings(): readonly Recording[] {
    const fresh = `(${SERVING} unless ${this.#before(SERVING)} and on (${SERVER}) ${this.#before(KNOWN)})`;
    // Versions of the same model that served at the page before, or went less than a minute ago.
    const others = `last_over_time(${SERVING}[${SUCCESSION}] offset ${this.#lag})`;
    const replacing = `on (${MODEL}) (${others} unless ${fresh})`;
    const gone = `(${this.#before(SERVING)} unless ${SERVING} and on (${SERVER}) ${this.#up} == 1)`;
    const rolledOver = `on (${MODEL}) last_over_time(${EVENTS}{event="version_changed"}[${ROLLOVER}])`;
    return [
      event("restarted", this.#restart()),
      event("version_changed", `${fresh}\nand ${replacing}`),
      event("loaded", `(${LOAD} and (${fresh} unless ${replacing}))\nor ((${fresh} unless ${replacing}) - 1)`),
      event("reloaded", this.#reloaded()),
      event("unloaded", `${gone}\nunless ${this.#restarted}\nunless on (${MODEL}) ${fresh}\nunless ${rolledOver}`),
      event("vanished", `${gone}\nand ${this.#restarted}\nunless on (${MODEL}) ${fresh}`),
      event("flashed", this.#flashed()),
    ];
  }

  /** The load gauge is another one; where there is none, or it is always 0, the counters began anew. */
  #reloaded(): string {
    const gauged = `(${LOAD} + ${this.#before(LOAD)} > 0)`;
    return `${parens(`${LOAD} != ${this.#before(LOAD)}
or (0 * (${SUCCESSES} < ${this.#before(SUCCESSES)}) unless ${gauged})`)}
unless ${this.#restarted}`;
  }

  /** Failure series without a model: new ones, or ones that grew long after the model went. */
  #flashed(): string {
    const orphan = `(${FAILURES} unless ${SERVING})`;
    const drained = `last_over_time(${SERVING}[${DRAIN}] offset ${this.#lag})`;
    return `${parens(`(
  ${orphan} unless ${this.#before(FAILURES)} unless ${this.#before(SERVING)}
    and on (${SERVER}) ${this.#before(KNOWN)}
)
or (${orphan} - ${this.#before(FAILURES)} > 0 unless ${drained})`)}
unless ${this.#restarted}`;
  }

  /** Another process, by what one cannot do while it lives; the value is how many models served before. */
  #restart(): string {
    const on = `on (${SERVER})`;
    const sameLoad = `((${LOAD} == ${this.#before(LOAD)}) > 0)`;
    const newLoad = `((${LOAD} > 0) != (${this.#before(LOAD)} > 0))`;
    const reset = `(${SUCCESSES} < ${this.#before(SUCCESSES)})`;
    const lost = `(${this.#before(FAILURES)} unless ${FAILURES} and ${on} ${this.#up} == 1)`;
    const fell = `(${FAILURES} < ${this.#before(FAILURES)} or ${lost})`;
    const many = (what: string): string =>
      `(count by (${SERVER}) (${what}) >= 2 or (count by (${SERVER}) (${what}) and ${on} ${this.#before(this.#up)} == 0))`;
    const wentOn = `(${this.#wentOn(FAILURES)} or ${this.#wentOn(SUCCESSES)})`;
    const proofs = [
      `${ENERGY} < ${this.#before(ENERGY)}`,
      `(${fell} and ${on} (${newLoad} or ${reset}))`,
      `(${fell} unless ${on} ${this.#wentOn(SUCCESSES)})`,
      `((${many(newLoad)} or (${many(reset)} unless ${on} ${newLoad})) unless ${on} ${wentOn})`,
    ];
    return `(count by (${SERVER}) (${this.#before(SERVING)}) or 0 * ${this.#before(KNOWN)})
and ${on} ${parens(proofs.join("\nor "))}
unless ${on} ${sameLoad}`;
  }

  /** A counter plainly went on: a fresh one would hardly stand between its old value and twice that. */
  #wentOn(name: string): string {
    return `(${name} >= (${this.#before(name)} > 0) and ${name} < 2 * ${this.#before(name)})`;
  }

  #before(series: string): string {
    return `${series} offset ${this.#lag}`;
  }
}

const event = (kind: string, expr: string): Recording => ({ name: EVENTS, expr, labels: { event: kind } });
