import { once } from "node:events";

/** Lines to standard output in large pieces; ends quietly when the reader goes away (`… | head`). */
export class Output {
  #pending: string[] = [];
  #size = 0;
  #closed = false;

  constructor() {
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      this.#closed = true;
    });
  }

  line(text: string): void {
    this.#pending.push(text, "\n");
    this.#size += text.length + 1;
    if (this.#size > 65_536) this.#flush();
  }

  async end(): Promise<void> {
    if (!this.#flush() && !this.#closed) await once(process.stdout, "drain");
  }

  #flush(): boolean {
    const text = this.#pending.join("");
    this.#pending = [];
    this.#size = 0;
    return this.#closed || process.stdout.write(text);
  }
}
