import type { Labels } from "../series/labels.ts";

/** Alerts of one rule whatever its limit: labels come from outside. */
export const MAX_ALERTS = 10_000;
/** Those of them that speak of one target, so that a target that invents label sets takes no other's place. */
const MAX_ALERTS_OF_A_TARGET = 200;
/** Those that name no target. */
const MAX_ALERTS_OF_NO_TARGET = 1_000;

/** Alerts by label key in the order they were put there, counted by the target they speak of. */
export class AlertShelf<Entry extends { readonly facts: { readonly labels: Labels } }> {
  readonly #entries = new Map<string, Entry>();
  readonly #counts = new Map<string, number>();

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  get size(): number {
    return this.#entries.size;
  }

  values(): Iterable<Entry> {
    return this.#entries.values();
  }

  [Symbol.iterator](): Iterator<readonly [string, Entry]> {
    return this.#entries[Symbol.iterator]();
  }

  set(entry: Entry): void {
    const { labels } = entry.facts;
    this.delete(labels.key);
    this.#entries.set(labels.key, entry);
    const source = sourceOf(labels);
    this.#counts.set(source, (this.#counts.get(source) ?? 0) + 1);
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    const source = sourceOf(entry.facts.labels);
    const left = (this.#counts.get(source) ?? 0) - 1;
    if (left > 0) this.#counts.set(source, left);
    else this.#counts.delete(source);
  }

  /** Whether one more alert with the target of these labels has a place here. */
  hasRoom(labels: Labels): boolean {
    const source = sourceOf(labels);
    const most = source === "" ? MAX_ALERTS_OF_NO_TARGET : MAX_ALERTS_OF_A_TARGET;
    return this.#entries.size < MAX_ALERTS && (this.#counts.get(source) ?? 0) < most;
  }

  /** Makes that place by forgetting: first those of the same target, the oldest before the others. */
  makeRoom(labels: Labels): void {
    if (this.hasRoom(labels)) return;
    const source = sourceOf(labels);
    const full = this.#entries.size >= MAX_ALERTS && !this.#counts.has(source);
    for (const [key, { facts }] of this.#entries) {
      if (!full && sourceOf(facts.labels) !== source) continue;
      this.delete(key);
      return;
    }
  }
}

const sourceOf = (labels: Labels): string => labels.get("instance") ?? "";
