import type { Clock } from "../../src/series/clock.ts";
import { type DurationMs, type EpochMs, epochMs } from "../../src/series/time.ts";
import { AT } from "./samples.ts";

/** A clock that goes when the test says so. */
export class HandClock implements Clock {
  #now: number = AT;
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  now(): EpochMs {
    return epochMs(this.#now);
  }

  setTimer(delay: DurationMs, run: () => void): () => void {
    const timer = { at: this.#now + delay, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Delays of the timers that are set, from now, shortest first. */
  get pending(): readonly number[] {
    return this.#timers.map(({ at }) => at - this.#now).sort((a, b) => a - b);
  }

  /** Lets time pass, timer by timer, and after each whatever follows from it. */
  async pass(duration: number): Promise<void> {
    const end = this.#now + duration;
    for (;;) {
      await idle();
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
    await idle();
  }
}

/** Resolves when everything that is under way without waiting for the world has been done. */
export const idle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
