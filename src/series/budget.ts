/**
 * How much memory the history of all tables may take, shared fairly among them: a table may grow while it holds no more
 * than its share. What rules need is not asked here; that much is always kept.
 */
export class HistoryBudget {
  readonly limit: number;
  #tables = 0;
  #bytes = 0;

  /** @param limit bytes for all tables together */
  constructor(limit: number) {
    this.limit = limit;
  }

  join(): void {
    this.#tables++;
  }

  leave(bytes: number): void {
    this.#tables--;
    this.#bytes -= bytes;
  }

  /** Accounts for memory taken (positive) or given back (negative). */
  account(bytes: number): void {
    this.#bytes += bytes;
  }

  /** The bytes one table may hold. */
  get share(): number {
    return this.limit / Math.max(1, this.#tables);
  }

  get bytes(): number {
    return this.#bytes;
  }
}
