import type { Reading } from "../series/reading.ts";
import { Bank } from "./bank.ts";
import type { Detector, DetectorOptions, Explanation, Gates, Readiness } from "./detector.ts";

/** A window is kept in so many parts and forgets one at a time, so that its length is met to one of them. */
const PARTS = 12;
/** So many times a bound is all a score says: a bound may be 0. */
const MOST_SCORE = 1000;
/** A quantity of time says nothing of a window before this part of it was seen. */
const SEEN = 0.5;

/** What the window holds after the newest reading. */
const NUMERATOR = 0;
const DENOMINATOR = 1;
const SECONDS = 2;
const FIRST_PART = 3;
/** A part's number on the clock, counted so that 0 is an empty one, and what fell into it. */
const PART_CELLS = 4;
const STRIDE = FIRST_PART + PARTS * PART_CELLS;

/**
 * A bound that people know, above, below or on both sides. It learns nothing and judges at once, by the sums over the last
 * `over` seconds or the newest scrape, whichever is longer. The score is how many times the bound the value is (below: the
 * inverse), 0 within it. A bound is no chance: `raise` does not move it, and a budget of false alarms counts no looks of it.
 */
export class Threshold extends Bank implements Detector {
  readonly #kind: "ratio" | "rate" | "mean" | "level";
  readonly #over: number;

  constructor(kind: "ratio" | "rate" | "mean" | "level", options: DetectorOptions) {
    super(STRIDE);
    this.#kind = kind;
    this.#over = options.over ?? 0;
  }

  tests(): readonly [] {
    return [];
  }

  learning(): boolean {
    return false;
  }

  readiness(row: number): Readiness {
    const seen = this.rows.data[row * STRIDE + SECONDS]!;
    return { seconds: this.#isTimed() ? Math.max(0, SEEN * this.#over - seen) : 0, scrapes: 0, events: 0 };
  }

  inherit(): void {}

  /** @returns 0: without a rule's bounds nothing is suspicious */
  advance(row: number, reading: Reading): number {
    const data = this.rows.data;
    const base = row * STRIDE;
    const seconds = Math.max(reading.seconds, 0);
    // A level is averaged over time; what was seen after an outage stood for the length of the window at most.
    const weight = this.#over > 0 ? Math.min(Math.max(seconds, 1), this.#over) : 1;
    const level = this.#kind === "level";
    const numerator = level ? (reading.numerator / reading.denominator) * weight : reading.numerator;
    const denominator = level ? weight : reading.denominator;
    if (this.#over > 0) this.#take(base, reading.at, numerator, denominator, seconds);
    else {
      data[base + NUMERATOR] = numerator;
      data[base + DENOMINATOR] = denominator;
      data[base + SECONDS] = seconds;
    }
    return 0;
  }

  judge(row: number, gates: Gates, _raise: number): number {
    const base = row * STRIDE;
    if (gates.against === "anchor" || !this.#isSeen(base)) return 0;
    return Math.max(this.#aboveScore(base, gates), this.#belowScore(base, gates));
  }

  learn(): void {}

  distrust(): void {}

  alarm(): void {}

  calm(): void {}

  cut(row: number): void {
    this.rows.data.fill(0, row * STRIDE, (row + 1) * STRIDE);
  }

  settle(row: number): void {
    this.cut(row);
  }

  adopt(): void {}

  explain(row: number, gates: Gates, _raise: number): Explanation {
    const base = row * STRIDE;
    const data = this.rows.data;
    const upper = gates.direction === "down" ? undefined : gates.above;
    const lower = gates.direction === "up" ? undefined : gates.below;
    return {
      test: this.#over > 0 ? `bound over ${this.#over}s` : "bound",
      window: this.#over > 0 ? data[base + SECONDS]! : 0,
      numerator: data[base + NUMERATOR]!,
      denominator: data[base + DENOMINATOR]!,
      observed: this.#isSeen(base) ? this.#value(base) : 0,
      // Whoever states a band expects its middle; of one bound nothing is expected.
      expected: upper !== undefined && lower !== undefined ? (upper + lower) / 2 : undefined,
      lower,
      upper,
      evidence: 0,
      threshold: 0,
    };
  }

  #take(base: number, at: number, numerator: number, denominator: number, seconds: number): void {
    const data = this.rows.data;
    const part = Math.floor((at * PARTS) / (this.#over * 1000)) + 1;
    const cell = base + FIRST_PART + (part % PARTS) * PART_CELLS;
    if (data[cell] !== part) data.fill(0, cell, cell + PART_CELLS);
    data[cell] = part;
    data[cell + 1]! += numerator;
    data[cell + 2]! += denominator;
    data[cell + 3]! += seconds;
    data.fill(0, base + NUMERATOR, base + FIRST_PART);
    for (let i = base + FIRST_PART; i < base + STRIDE; i += PART_CELLS) {
      if (data[i]! <= part - PARTS) continue;
      data[base + NUMERATOR]! += data[i + 1]!;
      data[base + DENOMINATOR]! += data[i + 2]!;
      data[base + SECONDS]! += data[i + 3]!;
    }
  }

  #aboveScore(base: number, { direction, above, minimum }: Gates): number {
    const value = this.#value(base);
    if (direction === "down" || value <= above || this.#events(base, "above") < minimum) return 0;
    return above > 0 ? Math.min(MOST_SCORE, value / above) : MOST_SCORE;
  }

  #belowScore(base: number, { direction, below, minimum }: Gates): number {
    const value = this.#value(base);
    if (direction === "up" || below === undefined || value >= below) return 0;
    if (this.#events(base, "below") < minimum) return 0;
    return value > 0 ? Math.min(MOST_SCORE, below / value) : MOST_SCORE;
  }

  /** How many events a value is made of; a rate that is low, and a level, need none. */
  #events(base: number, side: "above" | "below"): number {
    const data = this.rows.data;
    if (this.#kind === "mean" || (this.#kind === "ratio" && side === "below")) return data[base + DENOMINATOR]!;
    if (this.#kind === "ratio" || (this.#kind === "rate" && side === "above")) return data[base + NUMERATOR]!;
    return Number.POSITIVE_INFINITY;
  }

  #value(base: number): number {
    return this.rows.data[base + NUMERATOR]! / this.rows.data[base + DENOMINATOR]!;
  }

  /** Whether the window says something; ratios and means are guarded by their events. */
  #isSeen(base: number): boolean {
    const data = this.rows.data;
    if (!(data[base + DENOMINATOR]! > 0)) return false;
    return !this.#isTimed() || data[base + SECONDS]! >= SEEN * this.#over;
  }

  #isTimed(): boolean {
    return this.#kind === "rate" || this.#kind === "level";
  }
}
