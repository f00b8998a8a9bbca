import type { World } from "../monitor/world.ts";
import type { Clock } from "../series/clock.ts";
import { durationMs, type EpochMs } from "../series/time.ts";

/** Steps follow the scrapes; one that is late by so much of an evaluation interval is not waited for. */
const PATIENCE = 1.5;
/** A timer is never set shorter. */
const SHORTEST = 100;

/**
 * Sees to it that rules are evaluated where no scrape does: without targets, between scrapes that are far apart, and in the slots of groups
 * with an interval of their own. Without it alerts would stand still, and Alertmanagers would take their silence for an end.
 */
export class EvaluationTimer {
  readonly #clock: Clock;
  readonly #world: World;
  readonly #tick: () => void;
  readonly #started: EpochMs;
  #cancel: (() => void) | undefined;
  #stopped = false;

  /** @param tick makes a step, and arms the timer anew with it */
  constructor(clock: Clock, world: World, tick: () => void) {
    this.#clock = clock;
    this.#world = world;
    this.#tick = tick;
    this.#started = clock.now();
  }

  /** Waits anew: there was a step, or the first is awaited. */
  arm(): void {
    this.#cancel?.();
    if (this.#stopped) return;
    const delay = Math.max(SHORTEST, this.#due() - this.#clock.now());
    this.#cancel = this.#clock.setTimer(durationMs(delay), this.#tick);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  /** When there must be a step at the latest. */
  #due(): number {
    const { rules, options, lastTick = this.#started } = this.#world;
    let due = lastTick + PATIENCE * options.evaluation.interval;
    for (const { interval } of rules.groups) {
      if (interval !== undefined) due = Math.min(due, (Math.floor(lastTick / interval) + 1) * interval);
    }
    return due;
  }
}
