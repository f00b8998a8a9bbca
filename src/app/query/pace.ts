import { setImmediate } from "node:timers/promises";
import { LimitError } from "../../promql/error.ts";
import { type DurationMs, durationMs, type EpochMs } from "../../series/time.ts";

/** How long a query works before others get their turn, and how long it may keep everything waiting where it cannot stop. */
const PIECE = durationMs(50);
const LONGEST_PIECE = durationMs(2_000);

/** The time one query may take, and that it does not take it all at once. */
export class Pace {
  readonly #now: () => EpochMs;
  readonly #end: number;
  #began: number;

  /** @param now any clock in milliseconds that never goes back */
  constructor(now: () => EpochMs, timeout: DurationMs) {
    this.#now = now;
    this.#began = now();
    this.#end = this.#began + timeout;
  }

  /** Whether the query's time is over, or it has kept the program from all else for too long. */
  expired(): boolean {
    const now = this.#now();
    return now >= this.#end || now - this.#began >= LONGEST_PIECE;
  }

  /** @throws LimitError where the time is over */
  check(): void {
    if (!this.expired()) return;
    throw new LimitError("time", "Cannot evaluate: the query took longer than it may", { from: 0, to: 0 });
  }

  /** How much of a piece's time has gone by since the last breath: 1 is all of it. */
  get share(): number {
    return (this.#now() - this.#began) / PIECE;
  }

  /** Lets the rest of the program work. @throws LimitError where the time is over */
  async breathe(): Promise<void> {
    await setImmediate();
    const now = this.#now();
    this.#began = now;
    this.check();
  }
}
