import type { Call } from "../rules/episode.ts";
import type { EpochMs } from "../series/time.ts";

/** Alerts of which is remembered what people called them. */
const MOST = 1_000;

/** What somebody said of an alert, and what came of it. */
export interface Given {
  readonly verdict: Call;
  readonly note: string;
  readonly by: string;
  readonly at: EpochMs;
  /** One sentence part: what was learned. */
  readonly did: string;
}

/** An alert as feedback names it: by its fingerprint, and by when it began, for the next one of these labels is another. */
interface Named {
  readonly fingerprint: string;
  readonly activeAt: EpochMs;
}

/** What people said of alerts, the last word on each; of the newest of them. */
export class GivenFeedback {
  readonly #given = new Map<string, { readonly activeAt: EpochMs; readonly given: Given }>();

  set({ fingerprint, activeAt }: Named, given: Given): void {
    this.#given.delete(fingerprint);
    this.#given.set(fingerprint, { activeAt, given });
    for (const oldest of this.#given.keys()) {
      if (this.#given.size <= MOST) return;
      this.#given.delete(oldest);
    }
  }

  of({ fingerprint, activeAt }: Named): Given | undefined {
    const known = this.#given.get(fingerprint);
    return known?.activeAt === activeAt ? known.given : undefined;
  }
}
