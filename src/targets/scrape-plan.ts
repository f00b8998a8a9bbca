import type { Labels } from "../series/labels.ts";
import { type DurationMs, type EpochMs, epochMs, SECOND } from "../series/time.ts";
import { slotAtOrAfter, slotOffset } from "./slots.ts";

/** What the plan must know of a target: who it is (job and instance decide its slot) and how often it is due. */
export interface Planned {
  readonly labels: Labels;
  readonly interval: DurationMs;
}

/** A target whose turn it is; `at` is the start of its slot. */
export interface DueScrape<T> {
  readonly target: T;
  readonly at: EpochMs;
}

interface Entry<T> {
  target: T;
  readonly offset: DurationMs;
  next: EpochMs;
  busy: boolean;
}

/**
 * Which targets are due when. Every target has slots of its own; a slot that comes while the target is still busy, or that is
 * noticed too late, is missed: counted and skipped, never made up for.
 */
export class ScrapePlan<T extends Planned> {
  readonly #entries = new Map<string, Entry<T>>();
  /** Slots skipped since the start. */
  missed = 0;

  /** Replaces the targets. One that stays, with the same labels and interval, keeps its slots and its scrape under way. */
  replace(targets: readonly T[], now: EpochMs): void {
    const before = new Map(this.#entries);
    this.#entries.clear();
    for (const target of targets) {
      const key = target.labels.key;
      const known = before.get(key);
      if (known !== undefined && known.target.interval === target.interval) {
        known.target = target;
        this.#entries.set(key, known);
        continue;
      }
      const offset = slotOffset(target.labels, target.interval);
      const next = slotAtOrAfter(now, target.interval, offset);
      this.#entries.set(key, { target, offset, next, busy: known?.busy ?? false });
    }
  }

  /** The targets whose turn it is now, each busy from here on until `done`. */
  due(now: EpochMs): DueScrape<T>[] {
    const due: DueScrape<T>[] = [];
    for (const entry of this.#entries.values()) {
      const { interval } = entry.target;
      // More than an interval ahead: the clock was set back.
      if (entry.next - now > interval) entry.next = slotAtOrAfter(now, interval, entry.offset);
      if (entry.next > now) continue;
      const skipped = Math.floor((now - entry.next) / interval);
      const at = epochMs(entry.next + skipped * interval);
      entry.next = epochMs(at + interval);
      this.missed += skipped;
      if (entry.busy || now - at > tolerance(interval)) this.missed++;
      else {
        entry.busy = true;
        due.push({ target: entry.target, at });
      }
    }
    return due;
  }

  /** The target as it is now, after a `replace`; undefined where it is gone. */
  current(target: T): T | undefined {
    return this.#entries.get(target.labels.key)?.target;
  }

  /** The target may be scraped again. */
  done(target: T): void {
    const entry = this.#entries.get(target.labels.key);
    if (entry !== undefined) entry.busy = false;
  }

  /** When the next slot of any target begins; undefined where there are no targets. */
  get nextDue(): EpochMs | undefined {
    let earliest: EpochMs | undefined;
    for (const { next } of this.#entries.values()) if (earliest === undefined || next < earliest) earliest = next;
    return earliest;
  }
}

/**
 * How late a scrape may start. The sample carries its slot's time, so lateness falsifies rates; and after the machine has
 * slept, all targets at once are late.
 */
const tolerance = (interval: DurationMs): number => Math.min(interval / 4, SECOND);
