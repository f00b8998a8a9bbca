import { type DurationMs, type EpochMs, epochMs } from "../series/time.ts";
import { MAX_ALERTS } from "./alert-shelf.ts";
import { RESOLVED_RETENTION } from "./rule-alerts.ts";
import type { Alert, AlertFacts, Transition } from "./types.ts";

const LONG_AGO = epochMs(Number.NEGATIVE_INFINITY);

/** An alert that is there now, and whether its rule can say so. */
export interface PresentAlert {
  readonly alert: Alert;
  /** The rule's last evaluation failed: the alert is held as it was. */
  readonly stale: boolean;
}

/** One alert to be sent now. */
export interface Telling {
  readonly facts: AlertFacts;
  readonly status: "firing" | "resolved";
  readonly startsAt: EpochMs;
  /** Resolved: when it ended. Firing: until when it may be believed without being repeated. */
  readonly endsAt: EpochMs;
  readonly stale: boolean;
  /** It was sent in this state before, or (after a restart) nobody knows. */
  readonly again: boolean;
}

/** How often alerts are repeated. */
export interface ResendTimes {
  readonly resendDelay: DurationMs;
  /** How often rules are evaluated. */
  readonly interval: DurationMs;
}

interface Firing {
  readonly startsAt: EpochMs;
  lastSent: EpochMs;
  /** The last call that saw it. */
  seen: number;
}

interface Ended {
  readonly telling: Telling;
  lastSent: EpochMs;
}

/**
 * Which alerts are sent to Alertmanagers at which step, as in Prometheus (rules/alerting.go, `needsSending`, `sendAlerts`):
 * what changed at once and in the order it happened; what fires again once `resendDelay` has passed, with the annotations it
 * has by then; what ended likewise, for 15 minutes. Unlike there an alert that ended is remembered here, so that it is told
 * also where its rule or its target is gone; and what a rule that fails left behind is repeated, for else it would expire.
 */
export class Resends {
  /** Replaced on reload. */
  times: ResendTimes;
  readonly #firing = new Map<string, Firing>();
  /** In the order they ended. */
  readonly #ended = new Map<string, Ended>();
  #calls = 0;

  constructor(times: ResendTimes) {
    this.times = times;
  }

  /**
   * What to send after a step.
   * @param transitions what the step did, in order
   * @param present every alert there is after it
   */
  due(transitions: readonly Transition[], present: Iterable<PresentAlert>, at: EpochMs): readonly Telling[] {
    this.#calls++;
    const due: Telling[] = [];
    for (const transition of transitions) this.#changed(transition, at, due);
    const others: PresentAlert[] = [];
    for (const one of present) if (this.#present(one, at, due) === "other") others.push(one);
    for (const one of others) this.#takeOver(one, at, due);
    this.#repeatEnded(at, due);
    // What is no longer there and was not told as ended expires at its receivers.
    for (const [key, { seen }] of this.#firing) if (seen !== this.#calls) this.#firing.delete(key);
    return due;
  }

  /** Sends everything with the next step: somebody new listens. */
  repeatAll(): void {
    for (const alert of this.#firing.values()) alert.lastSent = LONG_AGO;
    for (const alert of this.#ended.values()) alert.lastSent = LONG_AGO;
  }

  #changed({ state, at: changedAt, firedAt, ...facts }: Transition, at: EpochMs, due: Telling[]): void {
    if (state === "pending" || firedAt === undefined) return;
    const known = this.#firing.get(facts.labels.key);
    // Two rules that give the same labels are one alert to whoever hears of it: the one that began first speaks for both.
    if (known !== undefined && (state === "firing" || known.startsAt !== firedAt)) return;
    if (state === "firing") this.#fire(facts, firedAt, { at, stale: false, again: false }, due);
    else this.#end(facts, firedAt, changedAt, { at, again: false }, due);
  }

  /** @returns "other" where another alert with these labels was sent */
  #present({ alert, stale }: PresentAlert, at: EpochMs, due: Telling[]): "other" | undefined {
    const { is } = alert;
    if (is.state === "pending") return undefined;
    const { key } = alert.labels;
    const known = this.#firing.get(key);
    if (is.state === "resolved") {
      // Known ones are repeated below; this one ended before a restart.
      if (known === undefined && !this.#ended.has(key) && at - is.resolvedAt <= RESOLVED_RETENTION) {
        this.#end(alert, is.firedAt, is.resolvedAt, { at, again: true }, due);
      }
      return undefined;
    }
    const again = known?.startsAt === is.firedAt;
    if (known !== undefined && !again) return "other";
    if (known !== undefined) known.seen = this.#calls;
    if (known !== undefined && known.lastSent + this.times.resendDelay >= at) return undefined;
    this.#fire(alert, is.firedAt, { at, stale, again }, due);
    return undefined;
  }

  /** An alert speaks for its labels once the one that did is no longer there. */
  #takeOver({ alert, stale }: PresentAlert, at: EpochMs, due: Telling[]): void {
    if (alert.is.state !== "firing" || this.#firing.get(alert.labels.key)?.seen === this.#calls) return;
    this.#fire(alert, alert.is.firedAt, { at, stale, again: false }, due);
  }

  #fire(
    { labels, annotations, value, evidence }: AlertFacts,
    startsAt: EpochMs,
    { at, stale, again }: { readonly at: EpochMs; readonly stale: boolean; readonly again: boolean },
    due: Telling[],
  ): void {
    const { resendDelay, interval } = this.times;
    const endsAt = epochMs(at + 4 * Math.max(interval, resendDelay));
    const facts = { labels, annotations, value, evidence };
    due.push({ facts, status: "firing", startsAt, endsAt, stale, again });
    this.#ended.delete(labels.key);
    this.#firing.set(labels.key, { startsAt, lastSent: at, seen: this.#calls });
  }

  #end(
    { labels, annotations, value, evidence }: AlertFacts,
    startsAt: EpochMs,
    endsAt: EpochMs,
    { at, again }: { readonly at: EpochMs; readonly again: boolean },
    due: Telling[],
  ): void {
    const facts = { labels, annotations, value, evidence };
    const telling: Telling = { facts, status: "resolved", startsAt, endsAt, stale: false, again };
    due.push(telling);
    this.#firing.delete(labels.key);
    this.#ended.delete(labels.key);
    this.#ended.set(labels.key, { telling: { ...telling, again: true }, lastSent: at });
  }

  #repeatEnded(at: EpochMs, due: Telling[]): void {
    for (const [key, ended] of this.#ended) {
      if (at - ended.telling.endsAt > RESOLVED_RETENTION || this.#ended.size > MAX_ALERTS) this.#ended.delete(key);
      else if (ended.lastSent + this.times.resendDelay < at) {
        ended.lastSent = at;
        due.push(ended.telling);
      }
    }
  }
}
