import type { Span } from "./error.ts";

/** What a result should be read with; `from` and `to` point into the expression. */
export interface Note extends Span {
  readonly level: "warning" | "info";
  readonly message: string;
}

/** A query with more notes than this says no more of them. */
const MAX_NOTES = 100;

/** The notes of one query, each once. */
export class Notes {
  readonly #notes = new Map<string, Note>();

  add(level: Note["level"], message: string, { from, to }: Span): void {
    const key = `${from}:${message}`;
    if (this.#notes.size < MAX_NOTES && !this.#notes.has(key)) this.#notes.set(key, { level, message, from, to });
  }

  all(): readonly Note[] {
    return [...this.#notes.values()];
  }
}
