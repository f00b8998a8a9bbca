import { type DurationMs, formatDuration } from "../series/time.ts";
import { Failed } from "./failure.ts";

/** Ends a request by a signal of its own: when its time is up, or when the caller's signal says so. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(timeout: DurationMs, caller?: AbortSignal) {
    this.#caller = caller;
    this.#timer = setTimeout(() => {
      this.#controller.abort(
        new Failed({ kind: "too-slow", why: `no whole answer within ${formatDuration(timeout)}` }),
      );
    }, timeout);
    caller?.addEventListener("abort", this.#called);
    if (caller?.aborted) this.#called();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Time is no longer up; the caller's signal goes on being heard. */
  lift(): void {
    clearTimeout(this.#timer);
  }

  /** Nothing ends the request any more. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener("abort", this.#called);
  }

  readonly #called = (): void => {
    this.#controller.abort(new Failed({ kind: "aborted", why: "the request was called off" }));
  };
}
