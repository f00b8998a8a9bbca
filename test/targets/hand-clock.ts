import type { Clock } from "../../src/series/clock.ts";
import { type DurationMs, type EpochMs, epochMs } from "../../src/series/time.ts";

/** A clock that stands still until it is told to go on. */
export class HandClock implements Clock {
  time = 1_795_000_000_000;
  wakeUps = 0;
  #timers: { at: number; run: () => void }[] = [];
  #awaited: (() => void)[] = [];

  now(): EpochMs {
    return epochMs(this.time);
  }

  setTimer(delay: DurationMs, run: () => void): () => void {
    const timer = { at: this.time + delay, run };
    this.#timers.push(timer);
    for (const awaited of this.#awaited.splice(0)) awaited();
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Goes on by `ms`, running what falls due in order and letting promises settle after each. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.time = next.at;
      this.wakeUps++;
      next.run();
      await settled();
    }
    this.time = end;
  }

  /** Resolves once a timer is set; at once where one is. */
  async armed(): Promise<void> {
    if (this.#timers.length > 0) return;
    await new Promise<void>((resolve) => this.#awaited.push(resolve));
  }
}

/** Lets promises settle that wait for nothing outside. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
