/** Gives turns to a few at a time; a few more may wait in line, in the order in which they came. */
export class Turns {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  /** Waits for a turn. @returns ends it; undefined, at once, where the line is full */
  async take(): Promise<(() => void) | undefined> {
    if (this.#taken < this.#most) this.#taken++;
    else if (this.#waiting.length >= this.#mostWaiting) return undefined;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return () => this.#pass();
  }

  /** The next in line takes over the turn that ends. */
  #pass(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#taken--;
  }
}
