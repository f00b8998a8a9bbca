/** By how much a table may be above its share before it gives rows back: not at every small change of the share. */
const SLACK = 1.25;
/** What everything may take, all tables together, unless the history alone may take more. */
const CEILING = 1024 * 1024 * 1024;

/**
 * How much memory the samples of all tables may take. There are two bounds: `limit` for history that no rule asks for, and a
 * ceiling over everything, against servers that show more series than anybody can keep.
 *
 * Sharing is by need: while there is room anybody may take it; when there is none a table may still grow up to its even
 * share, and those above theirs give back.
 */
export class HistoryBudget {
  #limit: number;
  readonly #fixedCeiling: number | undefined;
  #tables = 0;
  #samples = 0;
  #fixed = 0;

  /**
   * @param limit bytes of history for all tables together
   * @param ceiling bytes for everything; without it, what is usual
   */
  constructor(limit: number, ceiling?: number) {
    this.#limit = limit;
    this.#fixedCeiling = ceiling;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Tables above their share of a smaller limit give back as they add rows. */
  set limit(limit: number) {
    this.#limit = limit;
  }

  join(): void {
    this.#tables++;
  }

  leave(samples: number, fixed: number): void {
    this.#tables--;
    this.account(-samples, -fixed);
  }

  /**
   * Accounts for memory taken (positive) or given back (negative).
   * @param samples bytes of samples
   * @param fixed bytes of what a series costs without its samples
   */
  account(samples: number, fixed: number): void {
    this.#samples += samples;
    this.#fixed += fixed;
  }

  /** Whether a table that holds `samples` bytes of samples may take `more` for history. */
  allowsHistory(samples: number, more: number): boolean {
    return this.#allows(this.#limit, this.#samples, samples, more);
  }

  /** Whether a table that holds `held` bytes of all kinds may take `more` for what rules read. */
  allows(held: number, more: number): boolean {
    return this.#allows(this.#fixedCeiling ?? Math.max(2 * this.#limit, CEILING), this.bytes, held, more);
  }

  /** Whether a table that holds `samples` bytes of samples should give history back. */
  reclaims(samples: number): boolean {
    return this.#samples > this.#limit && samples > SLACK * this.#share(this.#limit);
  }

  /** Bytes of all kinds held by all tables. */
  get bytes(): number {
    return this.#samples + this.#fixed;
  }

  #allows(limit: number, all: number, held: number, more: number): boolean {
    return all + more <= limit || held + more <= this.#share(limit);
  }

  #share(limit: number): number {
    return limit / Math.max(1, this.#tables);
  }
}
