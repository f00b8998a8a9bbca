import { type DurationMs, type EpochMs, epochMs } from "../../../src/series/time.ts";

/** A clock that stands still until it is told to go on. */
export class HandClock {
  #now: EpochMs;
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  constructor(now: number) {
    this.#now = epochMs(now);
  }

  now(): EpochMs {
    return this.#now;
  }

  setTimer(delay: DurationMs, run: () => void): () => void {
    const timer = { at: this.#now + delay, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** How many wait. */
  get timers(): number {
    return this.#timers.length;
  }

  /** Goes on to a time, running what falls due in order. */
  goTo(end: number): void {
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = epochMs(Math.max(this.#now, next.at));
      next.run();
    }
    this.#now = epochMs(Math.max(this.#now, end));
  }
}
