import type { Labels } from "../series/labels.ts";
import { durationMs, type EpochMs } from "../series/time.ts";
import { Entries, type Entry } from "./entries.ts";
import type { ModelEvent } from "./events.ts";
import type { Facts, ModelFact } from "./facts.ts";
import { type Comparison, type RestartProof, restartProof } from "./restart.ts";

/** An old version that goes within this time of the new one's coming belongs to the same version change. */
const ROLLOVER = durationMs(120_000);
/** For so long after an unload its last requests may still fail; later, failures of a model that is gone mean a short visit. */
const DRAIN = durationMs(60_000);

/**
 * The models of one server and what happened to them, derived from successive looks (rules: the life cycle of Triton's
 * series). The first look of a process is its start-up set and no event. A look that failed changes nothing.
 */
export class Inventory {
  readonly #entries = new Entries();
  #started = false;
  #gap = false;
  #processCounter: number | undefined;

  /** The server could not be read: nothing is known, so nothing changed. */
  miss(): void {
    this.#gap = this.#started;
  }

  /** Takes a look at the server and says what happened since the last one, in a stable order. */
  observe(facts: Facts, at: EpochMs): readonly ModelEvent[] {
    const gap = this.#gap;
    const seen = new Map(facts.models.map((fact) => [fact.id.key, fact]));
    const events: ModelEvent[] = [];
    const proof = this.#started ? this.#restarted(seen, facts, gap) : undefined;
    if (proof) this.#restart(seen, proof, gap, at, events);
    else if (this.#started) this.#goOn(seen, at, events);
    else for (const fact of facts.models) this.#entries.take(fact, at);
    this.#started = true;
    this.#gap = false;
    this.#processCounter = facts.processCounter;
    return events;
  }

  /** The models that serve, oldest first. */
  *serving(): Iterable<Entry> {
    for (const entry of this.#entries.all()) if (entry.serving) yield entry;
  }

  /** Models not taken up because the server showed too many. */
  get refused(): number {
    return this.#entries.refused;
  }

  #restarted(seen: ReadonlyMap<string, ModelFact>, facts: Facts, gap: boolean): RestartProof | undefined {
    const models: Comparison[] = [];
    for (const before of this.#entries.all()) models.push({ before, now: seen.get(before.id.key) });
    const fell = (facts.processCounter ?? Number.POSITIVE_INFINITY) < (this.#processCounter ?? 0);
    return restartProof(models, fell, gap);
  }

  /** One event for the restart, and one for each model or version that is not what it was. */
  #restart(
    seen: ReadonlyMap<string, ModelFact>,
    proof: RestartProof,
    gap: boolean,
    at: EpochMs,
    events: ModelEvent[],
  ): void {
    const before = [...this.serving()];
    events.push({ kind: "restarted", at, proof, gap, models: before.length });
    const here = [...seen.values()].filter((fact) => fact.serving);
    for (const fact of here) {
      if (before.some((entry) => entry.id.equals(fact.id))) continue;
      const old = before.find((entry) => sameModel(entry.id, fact.id));
      if (old) events.push({ kind: "version_changed", id: fact.id, at, from: versionOf(old.id), restarted: true });
      else events.push({ kind: "loaded", id: fact.id, at, seconds: fact.loadSeconds, again: false, restarted: true });
    }
    for (const entry of before) {
      if (!here.some((fact) => sameModel(fact.id, entry.id))) events.push({ kind: "vanished", id: entry.id, at });
    }
    for (const entry of [...this.#entries.all()]) if (!seen.has(entry.id.key)) this.#entries.delete(entry.id);
    for (const fact of seen.values()) {
      const entry = this.#entries.take(fact, at);
      if (entry) entry.loadedAt = undefined;
    }
  }

  /** The same process: what came first, then what went, then what only left failures behind. */
  #goOn(seen: ReadonlyMap<string, ModelFact>, at: EpochMs, events: ModelEvent[]): void {
    for (const fact of seen.values()) {
      if (!fact.serving) continue;
      const entry = this.#entries.get(fact.id);
      const event = entry?.serving ? reloaded(entry, fact, at) : this.#came(fact, at, entry !== undefined);
      const taken = this.#entries.take(fact, at);
      if (!event) continue;
      events.push(event);
      if (taken) taken.loadedAt = at;
    }
    for (const entry of this.serving()) {
      if (seen.get(entry.id.key)?.serving) continue;
      entry.serving = false;
      entry.goneAt = at;
      if (!this.#rolledOver(entry, at)) events.push({ kind: "unloaded", id: entry.id, at });
    }
    for (const fact of seen.values()) {
      if (fact.serving) continue;
      const event = flashed(this.#entries.get(fact.id), fact, at);
      if (event) events.push(event);
      this.#entries.take(fact, at);
    }
  }

  /** A model serves that did not before: a new version of one that serves, or a load. */
  #came(fact: ModelFact, at: EpochMs, again: boolean): ModelEvent {
    for (const entry of this.#entries.all()) {
      const recent = entry.serving || (entry.goneAt !== undefined && at - entry.goneAt < DRAIN);
      if (!recent || !sameModel(entry.id, fact.id) || entry.id.equals(fact.id)) continue;
      return { kind: "version_changed", id: fact.id, at, from: versionOf(entry.id), restarted: false };
    }
    return { kind: "loaded", id: fact.id, at, seconds: fact.loadSeconds, again, restarted: false };
  }

  /** Whether a version went because another one of its model came. */
  #rolledOver(gone: Entry, at: EpochMs): boolean {
    for (const entry of this.serving()) {
      if (entry.loadedAt !== undefined && at - entry.loadedAt < ROLLOVER && sameModel(entry.id, gone.id)) return true;
    }
    return false;
  }
}

function reloaded(entry: Entry, fact: ModelFact, at: EpochMs): ModelEvent | undefined {
  const fell = fact.successes !== undefined && entry.successes !== undefined && fact.successes < entry.successes;
  const before = entry.loadSeconds;
  const now = fact.loadSeconds;
  // An ensemble's load gauge is always 0 and old servers have none: there only the counters tell.
  const gauged = before !== undefined && now !== undefined && !(before === 0 && now === 0);
  if (!(gauged ? before !== now : fell)) return undefined;
  return { kind: "reloaded", id: fact.id, at, seconds: now, before, inPlace: !fell };
}

/** Failure series without a model: new ones, or ones that grew long after the model went. */
function flashed(entry: Entry | undefined, fact: ModelFact, at: EpochMs): ModelEvent | undefined {
  const failures = (fact.failures ?? 0) - (entry?.failures ?? 0);
  const draining = entry?.goneAt !== undefined && at - entry.goneAt < DRAIN;
  if (entry && (failures <= 0 || draining)) return undefined;
  return { kind: "flashed", id: fact.id, at, failures };
}

const versionOf = (id: Labels): string => id.get("version") ?? "";

/** The same model, whatever its version. */
const sameModel = (a: Labels, b: Labels): boolean =>
  a.get("model") === b.get("model") && a.get("namespace") === b.get("namespace");
