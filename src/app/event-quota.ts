import { type EpochMs, MINUTE } from "../series/time.ts";

/** What one target may have told of its models and alerts in a minute; a fleet's deployment of a few hundred models fits in. */
const MOST_A_MINUTE = 200;
const MOST_SOURCES = 20_000;

interface Window {
  readonly began: EpochMs;
  told: number;
  leftOut: number;
}

/** Keeps one source, a target or whoever has a token, from filling the log: beyond so many events a minute the rest is counted. */
export class EventQuota {
  readonly #most: number;
  readonly #windows = new Map<string, Window>();

  /** @param most events of one source in a minute */
  constructor(most = MOST_A_MINUTE) {
    this.#most = most;
  }

  /** Whether one more event of a source may be told. */
  admits(source: string, at: EpochMs): boolean {
    let window = this.#windows.get(source);
    if (window === undefined) {
      if (this.#windows.size >= MOST_SOURCES) this.#windows.clear();
      window = { began: at, told: 0, leftOut: 0 };
      this.#windows.set(source, window);
    }
    if (window.told < this.#most) window.told++;
    else window.leftOut++;
    return window.leftOut === 0;
  }

  /** Ends a source's minute where it is over. @returns how many events it left out */
  end(source: string, at: EpochMs): number {
    const window = this.#windows.get(source);
    if (window === undefined || at - window.began < MINUTE) return 0;
    this.#windows.delete(source);
    return window.leftOut;
  }

  /** Ends every minute that is over. @returns of which sources how many events were left out */
  *endAll(at: EpochMs): Iterable<readonly [source: string, leftOut: number]> {
    for (const source of this.#windows.keys()) {
      const leftOut = this.end(source, at);
      if (leftOut > 0) yield [source, leftOut];
    }
  }
}
