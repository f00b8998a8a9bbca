import { type DurationMs, type EpochMs, epochMs, MINUTE } from "../../series/time.ts";
import { networkOf } from "./network-of.ts";

/** Wrong tokens an address may send in a minute. */
const MOST = 10;
const SPAN: DurationMs = MINUTE;
/** Addresses remembered; of more, the one whose first try is oldest is forgotten. */
const MOST_ADDRESSES = 1_000;

interface Tries {
  readonly since: EpochMs;
  count: number;
}

/** Wrong tokens of the last minute, by the address they came from. */
export class FailedTries {
  readonly #now: () => EpochMs;
  readonly #byAddress = new Map<string, Tries>();

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  add(address: string): void {
    const network = networkOf(address);
    const known = this.#current(network);
    if (known) known.count++;
    else {
      this.#byAddress.delete(network);
      const [oldest] = this.#byAddress.keys();
      if (this.#byAddress.size >= MOST_ADDRESSES && oldest !== undefined) this.#byAddress.delete(oldest);
      this.#byAddress.set(network, { since: this.#now(), count: 1 });
    }
  }

  tooMany(address: string): boolean {
    return (this.#current(networkOf(address))?.count ?? 0) >= MOST;
  }

  #current(network: string): Tries | undefined {
    const known = this.#byAddress.get(network);
    return known && this.#now() < epochMs(known.since + SPAN) ? known : undefined;
  }
}
