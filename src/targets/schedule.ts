import type { Clock } from "../series/clock.ts";
import { type DurationMs, durationMs, type EpochMs } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";
import type { ScrapeOutcome } from "./outcome.ts";
import { type DueScrape, type Planned, ScrapePlan } from "./scrape-plan.ts";

/** A target that can be scraped; how is its own affair. */
export interface Scheduled extends Planned {
  scrape(): Promise<ScrapeOutcome>;
}

/** What came of one scrape. */
export interface ScrapeResult<T> {
  readonly target: T;
  /** The start of the slot the scrape was due in: the time of its samples. */
  readonly at: EpochMs;
  readonly duration: DurationMs;
  readonly outcome: ScrapeOutcome;
}

/** Wake-ups cost more than scrapes: whatever is due, or has arrived, within 100 ms is dealt with at once. */
const TICK = 100;

/**
 * Scrapes every target in its slots, one scrape a target at a time, and delivers at each tick what has arrived until then, so
 * that a slow target holds back nobody else's results.
 */
export class ScrapeSchedule<T extends Scheduled> {
  readonly #plan = new ScrapePlan<T>();
  readonly #clock: Clock;
  readonly #onBatch: (results: readonly ScrapeResult<T>[]) => void;
  #arrived: ScrapeResult<T>[] = [];
  #wakeAt = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #running = true;

  /** @param onBatch gets the results of a tick together; a page in them is valid until it returns */
  constructor(clock: Clock, onBatch: (results: readonly ScrapeResult<T>[]) => void) {
    this.#clock = clock;
    this.#onBatch = onBatch;
  }

  /** Replaces the targets; the first call begins the scraping. */
  replace(targets: readonly T[]): void {
    this.#plan.replace(targets, this.#clock.now());
    this.#arm();
  }

  /** Slots skipped since the start because their target was still busy or the program was late. */
  get missedSlots(): number {
    return this.#plan.missed;
  }

  /** Scrapes and delivers nothing more. */
  stop(): void {
    this.#running = false;
    this.#cancel?.();
  }

  #tick(): void {
    this.#wakeAt = Number.POSITIVE_INFINITY;
    this.#deliver();
    for (const due of this.#plan.due(this.#clock.now())) this.#start(due);
    this.#arm();
  }

  #deliver(): void {
    if (this.#arrived.length === 0) return;
    const arrived = this.#arrived;
    this.#arrived = [];
    // A reload may have replaced a target while its scrape was under way, or taken it away.
    const results = arrived.flatMap((result) => {
      const target = this.#plan.current(result.target);
      return target === undefined ? [] : [{ ...result, target }];
    });
    if (results.length > 0) this.#onBatch(results);
    // Only now, because the next scrape of a target overwrites the page of its last.
    for (const { target } of arrived) this.#plan.done(target);
  }

  #start({ target, at }: DueScrape<T>): void {
    const began = this.#clock.now();
    const arrive = (outcome: ScrapeOutcome) => {
      const duration = durationMs(Math.max(0, this.#clock.now() - began));
      this.#arrived.push({ target, at, duration, outcome });
      this.#arm();
    };
    const bug = (error: unknown) => arrive({ kind: "internal-error", why: printable(String(error), 200) });
    target.scrape().then(arrive, bug);
  }

  /** Sets the timer to the first tick that has something to do. */
  #arm(): void {
    if (!this.#running) return;
    const now = this.#clock.now();
    const wanted = this.#arrived.length > 0 ? now : (this.#plan.nextDue ?? Number.POSITIVE_INFINITY);
    if (wanted === Number.POSITIVE_INFINITY) return;
    const wakeAt = nextTick(Math.max(wanted, now));
    if (wakeAt >= this.#wakeAt) return;
    this.#cancel?.();
    this.#wakeAt = wakeAt;
    this.#cancel = this.#clock.setTimer(durationMs(wakeAt - now), () => this.#tick());
  }
}

/** The first tick after an instant; one that falls on a tick waits for the next, so that what comes with it is not missed. */
const nextTick = (at: number): number => (Math.floor(at / TICK) + 1) * TICK;
