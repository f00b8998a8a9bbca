import { durationMs, type EpochMs } from "../series/time.ts";
import { Entries, type Entry, isHigher, versionOf } from "./entries.ts";
import type { ModelEvent } from "./events.ts";
import type { Facts, ModelFact } from "./facts.ts";
import { type Comparison, restartProof } from "./restart.ts";
import { restartEvents } from "./restart-events.ts";

/** An old version that goes within this time of the new one's coming belongs to the same version change. */
const ROLLOVER = durationMs(120_000);
/** A version that comes within this time of another one's going is the same version change. */
const SUCCESSION = durationMs(60_000);
/** For so long after an unload its last requests may still fail; later, failures of a model that is gone mean a short visit. */
const DRAIN = durationMs(60_000);

/**
 * The models of one server and what happened to them, derived from successive looks (rules: the life cycle of Triton's
 * series). The first look of a process is its start-up set and no event. A look that failed changes nothing.
 */
export class Inventory {
  readonly #entries: Entries;
  #started = false;
  #gap = false;
  #processCounter: number | undefined;

  /** @param most models remembered */
  constructor(most?: number) {
    this.#entries = new Entries(most);
  }

  /** The server could not be read: nothing is known, so nothing changed. */
  miss(): void {
    this.#gap = this.#started;
  }

  /** Takes a look at the server and says what happened since the last one, in a stable order. */
  observe(facts: Facts, at: EpochMs): readonly ModelEvent[] {
    const seen = new Map<string, ModelFact>();
    for (const fact of facts.models) seen.set(fact.id.key, fact);
    const events = this.#started ? this.#compare(seen, facts, at) : this.#start(seen, at);
    this.#started = true;
    this.#gap = false;
    this.#processCounter = facts.processCounter ?? this.#processCounter;
    return events;
  }

  /** The models that serve, oldest first. */
  *serving(): Iterable<Entry> {
    for (const entry of this.#entries.all()) if (entry.serving) yield entry;
  }

  /** Every model that is remembered, those that are gone among them. */
  known(): Iterable<Entry> {
    return this.#entries.all();
  }

  /** How often a model was not taken up because the server showed too many. */
  get refused(): number {
    return this.#entries.refused;
  }

  /** How often a model that was gone was forgotten, because the server showed too many. */
  get forgotten(): number {
    return this.#entries.forgotten;
  }

  #compare(seen: ReadonlyMap<string, ModelFact>, facts: Facts, at: EpochMs): readonly ModelEvent[] {
    const fell = (facts.processCounter ?? Number.POSITIVE_INFINITY) < (this.#processCounter ?? 0);
    const proof = restartProof(this.#comparisons(seen), fell, this.#gap);
    if (!proof) return this.#goOn(seen, at);
    const before = [...this.serving()];
    const restarted = { kind: "restarted", at, proof, gap: this.#gap, models: before.length } as const;
    for (const entry of [...this.#entries.all()]) this.#entries.delete(entry);
    this.#start(seen, at, new Map(before.map((entry) => [entry.id.key, entry.firstSeen])));
    return [restarted, ...restartEvents(before, [...this.serving()], at)];
  }

  *#comparisons(seen: ReadonlyMap<string, ModelFact>): Iterable<Comparison> {
    for (const before of this.#entries.all()) yield { before, now: seen.get(before.id.key) };
  }

  /** A process seen for the first time: everything it shows was there from its start. */
  #start(
    seen: ReadonlyMap<string, ModelFact>,
    at: EpochMs,
    known?: ReadonlyMap<string, EpochMs>,
  ): readonly ModelEvent[] {
    for (const fact of seen.values()) this.#entries.take(fact, at, known?.get(fact.id.key));
    return [];
  }

  /** The same process: what came first, then what went, then what only left failures behind. */
  #goOn(seen: ReadonlyMap<string, ModelFact>, at: EpochMs): readonly ModelEvent[] {
    const gone = [...this.serving()].filter((entry) => !seen.get(entry.id.key)?.serving);
    for (const entry of gone) this.#entries.leave(entry, at);
    const events: ModelEvent[] = [];
    for (const fact of seen.values()) {
      const event = fact.serving ? this.#serves(fact, at) : this.#leftTraces(fact, at);
      if (event) events.push(event);
    }
    for (const entry of gone) if (!this.#rolledOver(entry, at)) events.push({ kind: "unloaded", id: entry.id, at });
    return events.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  }

  #serves(fact: ModelFact, at: EpochMs): ModelEvent | undefined {
    const known = this.#entries.get(fact.id);
    const again = known !== undefined;
    if (known?.serving) {
      const event = reloaded(known, fact, at);
      this.#entries.take(fact, at);
      return event;
    }
    const entry = this.#entries.take(fact, at);
    if (!entry) return undefined;
    const old = this.#predecessor(entry, at);
    if (!old) return { kind: "loaded", id: fact.id, at, seconds: fact.loadSeconds, again, restarted: false };
    entry.rolledAt = at;
    return { kind: "version_changed", id: fact.id, at, from: versionOf(old.id), restarted: false };
  }

  /** The version of the same model that one which just came stands beside or in place of: the one gone last, or the highest. */
  #predecessor(entry: Entry, at: EpochMs): Entry | undefined {
    let best: Entry | undefined;
    for (const other of this.#entries.versions(entry.id)) {
      const stays = other.serving && other.servesSince !== at;
      const left = other.goneAt !== undefined && at - other.goneAt < SUCCESSION;
      if (other === entry || !(stays || left)) continue;
      const later = (other.goneAt ?? 0) - (best?.goneAt ?? 0);
      if (!best || later > 0 || (later === 0 && isHigher(other.id, best.id))) best = other;
    }
    return best;
  }

  /** Whether a version went because another one of its model came. */
  #rolledOver(gone: Entry, at: EpochMs): boolean {
    for (const entry of this.#entries.versions(gone.id)) {
      if (entry.serving && entry.rolledAt !== undefined && at - entry.rolledAt < ROLLOVER) return true;
    }
    return false;
  }

  /** Failure series without a model: new ones, or ones that grew long after the model went. */
  #leftTraces(fact: ModelFact, at: EpochMs): ModelEvent | undefined {
    const known = this.#entries.get(fact.id);
    const failures = (fact.failures ?? 0) - (known?.failures ?? 0);
    const quiet = known && (failures <= 0 || (known.goneAt !== undefined && at - known.goneAt < DRAIN));
    const taken = this.#entries.take(fact, at);
    return quiet || !taken ? undefined : { kind: "flashed", id: fact.id, at, failures };
  }
}

const ORDER: readonly ModelEvent["kind"][] = ["loaded", "reloaded", "version_changed", "unloaded", "flashed"];

function reloaded(entry: Entry, fact: ModelFact, at: EpochMs): ModelEvent | undefined {
  const fell = fact.successes !== undefined && entry.successes !== undefined && fact.successes < entry.successes;
  const before = entry.loadSeconds;
  const now = fact.loadSeconds;
  // An ensemble's load gauge is always 0 and old servers have none: there only the counters tell.
  const gauged = before !== undefined && now !== undefined && !(before === 0 && now === 0);
  if (!(gauged ? before !== now : fell)) return undefined;
  return { kind: "reloaded", id: fact.id, at, seconds: now, before, inPlace: !fell };
}
