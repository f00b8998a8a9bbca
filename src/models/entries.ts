import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import type { ModelFact } from "./facts.ts";

/** A bound against a server that invents models; real ones have a few hundred at most. */
const MAX_MODELS = 10_000;

/** What is remembered of one (model, version), serving or gone. */
export interface Entry {
  readonly id: Labels;
  readonly firstSeen: EpochMs;
  serving: boolean;
  loadSeconds: number | undefined;
  successes: number | undefined;
  failures: number | undefined;
  /** When it was seen to be loaded or loaded again; undefined for the start-up set. */
  loadedAt: EpochMs | undefined;
  /** When it was seen to be gone. */
  goneAt: EpochMs | undefined;
}

/** Every model a server ever showed in this process, bounded: of too many, those gone longest are forgotten. */
export class Entries {
  readonly #byKey = new Map<string, Entry>();
  /** Models not taken up because there were too many. */
  refused = 0;

  get(id: Labels): Entry | undefined {
    return this.#byKey.get(id.key);
  }

  all(): Iterable<Entry> {
    return this.#byKey.values();
  }

  /** Writes down a fact; what the source is silent about keeps its last value. */
  take(fact: ModelFact, at: EpochMs): Entry | undefined {
    let entry = this.#byKey.get(fact.id.key);
    if (!entry) {
      if (this.#byKey.size >= MAX_MODELS && !this.#dropOne()) {
        this.refused++;
        return undefined;
      }
      entry = {
        id: fact.id,
        firstSeen: at,
        serving: fact.serving,
        loadSeconds: undefined,
        successes: undefined,
        failures: undefined,
        loadedAt: undefined,
        goneAt: undefined,
      };
      this.#byKey.set(fact.id.key, entry);
    }
    entry.serving = fact.serving;
    entry.loadSeconds = fact.loadSeconds ?? entry.loadSeconds;
    entry.successes = fact.successes;
    entry.failures = fact.failures ?? entry.failures;
    if (fact.serving) entry.goneAt = undefined;
    return entry;
  }

  delete(id: Labels): void {
    this.#byKey.delete(id.key);
  }

  #dropOne(): boolean {
    for (const [key, entry] of this.#byKey) if (!entry.serving) return this.#byKey.delete(key);
    return false;
  }
}
