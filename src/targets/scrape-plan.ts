import type { Labels } from "../series/labels.ts";
import { type DurationMs, durationMs, type EpochMs, epochMs, SECOND } from "../series/time.ts";
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
  /** Whose scrape is under way: the target's, or that of one it has replaced. */
  scraping: T | undefined;
}

/** Up to so many targets, one that is new need not wait for its slot: a person who has just named it is looking. */
const FEW = 50;
/** A slot that comes within this time is not anticipated. */
const SOON = durationMs(3 * SECOND);
/** First scrapes out of turn are spread over this time. */
const SPREAD = SECOND;

/**
 * Which targets are due when. Every target has slots of its own; a slot that comes while the target is still busy, or that is
 * noticed too late, is missed: counted and skipped, never made up for.
 */
export class ScrapePlan<T extends Planned> {
  readonly #entries = new Map<string, Entry<T>>();
  /** Slots skipped since the start. */
  missed = 0;

  /**
   * Replaces the targets. One that stays, with the same labels and interval, keeps its slots and its scrape under way. One that
   * is new, where targets are few, is due within a second and from then on in its slots.
   */
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
      const slot = slotAtOrAfter(now, target.interval, offset);
      const atOnce = known === undefined && targets.length <= FEW && slot - now > SOON;
      const next = atOnce ? epochMs(now + 1 + (offset % SPREAD)) : slot;
      this.#entries.set(key, { target, offset, next, scraping: known?.scraping });
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
      entry.next = slotAtOrAfter(epochMs(at + 1), interval, entry.offset);
      this.missed += skipped;
      if (entry.scraping !== undefined || now - at > tolerance(interval)) this.missed++;
      else {
        entry.scraping = entry.target;
        due.push({ target: entry.target, at });
      }
    }
    return due;
  }

  /** The target whose scrape has ended as it is now, after a `replace`; undefined where it is gone, also if it has come back. */
  current(scraped: T): T | undefined {
    const entry = this.#entries.get(scraped.labels.key);
    return entry?.scraping === scraped ? entry.target : undefined;
  }

  /** The scrape is dealt with: the target may be scraped again. */
  done(scraped: T): void {
    const entry = this.#entries.get(scraped.labels.key);
    if (entry?.scraping === scraped) entry.scraping = undefined;
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
