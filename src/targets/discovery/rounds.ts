import type { Clock } from "../../series/clock.ts";
import type { DurationMs } from "../../series/time.ts";

/** Does a thing again and again, with a pause after each time, until it is stopped. */
export class Rounds {
  readonly #clock: Clock;
  readonly #round: (signal: AbortSignal) => Promise<DurationMs>;
  readonly #abort = new AbortController();
  #cancel: (() => void) | undefined;
  #underWay: Promise<void> = Promise.resolve();

  /** @param round resolves to the pause after it; one that rejects is a mistake of ours */
  constructor(clock: Clock, round: (signal: AbortSignal) => Promise<DurationMs>) {
    this.#clock = clock;
    this.#round = round;
  }

  start(): void {
    this.#underWay = this.#next();
  }

  /** Ends what is under way; resolves when it has ended. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#cancel?.();
    await this.#underWay;
  }

  async #next(): Promise<void> {
    const { signal } = this.#abort;
    const pause = await this.#round(signal);
    if (!signal.aborted) this.#cancel = this.#clock.setTimer(pause, () => this.start());
  }
}
