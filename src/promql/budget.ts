import { LimitError, type Span } from "./error.ts";

/** Samples one query may read and make, if nothing else is said; Prometheus' own bound. */
export const MAX_SAMPLES = 50_000_000;
/** Points a series of a range query may have, as in Prometheus. */
export const MAX_STEPS = 11_000;
/** How much is done between two looks at the clock. */
const LOOK_EVERY = 8192;

/** What one query may cost: how many samples it reads or makes, and whether its time is over. */
export class Budget {
  readonly #most: number;
  readonly #expired: (() => boolean) | undefined;
  readonly #query: Span;
  #spent = 0;
  #nextLook = LOOK_EVERY;

  /** @param expired whether the query's time is over; asked now and then */
  constructor(most: number, expired: (() => boolean) | undefined, query: Span) {
    this.#most = most;
    this.#expired = expired;
    this.#query = query;
  }

  /** Takes samples into account, or the work of as many. @throws LimitError where the query went beyond its bounds */
  spend(samples: number): void {
    this.#spent += samples;
    if (this.#spent > this.#most) {
      const message = `Cannot evaluate: expected at most ${this.#most} samples, the query needs more`;
      throw new LimitError("samples", message, this.#query);
    }
    if (this.#spent >= this.#nextLook) this.#look();
  }

  #look(): void {
    this.#nextLook = this.#spent + LOOK_EVERY;
    if (this.#expired?.()) {
      throw new LimitError("time", "Cannot evaluate: the query took longer than it may", this.#query);
    }
  }
}
