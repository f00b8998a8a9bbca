import type { Labels } from "../series/labels.ts";
import type { EpochMs } from "../series/time.ts";
import type { ModelFact } from "./facts.ts";

/** A bound against a server that invents models; real ones have a few hundred at most. */
const MAX_MODELS = 1_000;

/** What is remembered of one (model, version), serving or gone. */
export interface Entry {
  readonly id: Labels;
  readonly firstSeen: EpochMs;
  serving: boolean;
  loadSeconds: number | undefined;
  successes: number | undefined;
  failures: number | undefined;
  /** The look at which it last began to serve. */
  servesSince: EpochMs | undefined;
  /** When it was seen to come in place of another version. */
  rolledAt: EpochMs | undefined;
  /** When it was seen to be gone. */
  goneAt: EpochMs | undefined;
}

/** Every model a server ever showed in this process, bounded: of too many, those gone longest are forgotten. */
export class Entries {
  readonly #most: number;
  readonly #byKey = new Map<string, Entry>();
  readonly #byModel = new Map<string, Set<Entry>>();
  /** Those that do not serve, gone longest first. */
  readonly #gone = new Set<Entry>();
  /** How often a model was not taken up because there were too many. */
  refused = 0;
  /** How often one that is gone was forgotten to make room. */
  forgotten = 0;

  constructor(most = MAX_MODELS) {
    this.#most = most;
  }

  get(id: Labels): Entry | undefined {
    return this.#byKey.get(id.key);
  }

  all(): Iterable<Entry> {
    return this.#byKey.values();
  }

  /** Every version of a model, whatever the version in `id`. */
  versions(id: Labels): Iterable<Entry> {
    return this.#byModel.get(modelOf(id)) ?? [];
  }

  /**
   * Writes down a fact; what the source is silent about keeps its last value. Undefined when there are too many models.
   * @param firstSeen when it was first seen, where that was in a process before this one
   */
  take(fact: ModelFact, at: EpochMs, firstSeen: EpochMs = at): Entry | undefined {
    const entry = this.#byKey.get(fact.id.key) ?? this.#make(fact, firstSeen);
    if (!entry) {
      this.refused++;
      return undefined;
    }
    if (fact.serving && !entry.serving) {
      this.#gone.delete(entry);
      entry.serving = true;
      entry.servesSince = at;
      entry.goneAt = undefined;
      // Its counters begin anew; what they were before says nothing.
      entry.successes = undefined;
    }
    entry.loadSeconds = fact.loadSeconds ?? entry.loadSeconds;
    entry.successes = fact.successes ?? entry.successes;
    entry.failures = fact.failures ?? entry.failures;
    return entry;
  }

  /** It serves no more. */
  leave(entry: Entry, at: EpochMs): void {
    entry.serving = false;
    entry.rolledAt = undefined;
    entry.goneAt = at;
    this.#gone.add(entry);
  }

  delete(entry: Entry): void {
    this.#byKey.delete(entry.id.key);
    this.#gone.delete(entry);
    const versions = this.#byModel.get(modelOf(entry.id));
    versions?.delete(entry);
    if (versions?.size === 0) this.#byModel.delete(modelOf(entry.id));
  }

  /** Room for a model that serves is made by forgetting one that does not; for a mere trace of one none is made. */
  #make({ id, serving }: ModelFact, firstSeen: EpochMs): Entry | undefined {
    if (this.#byKey.size >= this.#most) {
      const [longest] = this.#gone;
      if (!serving || !longest) return undefined;
      this.delete(longest);
      this.forgotten++;
    }
    const entry: Entry = {
      id,
      firstSeen,
      serving: false,
      loadSeconds: undefined,
      successes: undefined,
      failures: undefined,
      servesSince: undefined,
      rolledAt: undefined,
      goneAt: undefined,
    };
    this.#byKey.set(id.key, entry);
    this.#gone.add(entry);
    const model = modelOf(id);
    const versions = this.#byModel.get(model);
    if (versions) versions.add(entry);
    else this.#byModel.set(model, new Set([entry]));
    return entry;
  }
}

/** A model's identity whatever its version. */
export const modelOf = (id: Labels): string => id.without("version").key;

export const versionOf = (id: Labels): string => id.get("version") ?? "";

/** Triton's versions are numbers. */
export const isHigher = (a: Labels, b: Labels): boolean => Number(versionOf(a)) > Number(versionOf(b));
