import { once } from "node:events";
import { EXIT } from "./exit.ts";

/** Lines to standard output in large pieces; ends quietly when the reader goes away (`… | head`). */
export class Output {
  #pending: string[] = [];
  #size = 0;
  #closed = false;

  constructor() {
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      this.#closed = true;
      if (error.code === "EPIPE") return;
      process.stderr.write(`Cannot write the output: ${error.message}\n`);
      process.exit(EXIT.mistake);
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
