import type { Explanation } from "../../detectors/detector.ts";
import type { Reading } from "../../series/reading.ts";
import { type EpochMs, MINUTE } from "../../series/time.ts";

/** Columns of a chart, at most: more than a screen has. */
export const MOST_SLOTS = 1024;
/** So often the band is asked for at most while all is well: finding it may take a search. */
const BAND_EVERY = 0.9 * MINUTE;
/** After a higher score it is asked for sooner, and what was judged is not carried over: an alarm is soon over, and windows must fill first. */
const RESTLESS = 0.5;
const RESTLESS_EVERY = 0.25 * MINUTE;
const FIRST_SLOTS = 32;

/** What is kept of a column of a chart. */
const FIELDS = ["least", "most", "judged", "expected", "lower", "upper", "score"] as const;
type Field = (typeof FIELDS)[number];
/** What goes together, for it is of one test. */
const TOLD = ["judged", "expected", "lower", "upper", "score"] as const;

/** Equal slots of time from the start of a history on; they double in width where there would be too many. */
export class TimeGrid {
  readonly start: EpochMs;
  #width: number;

  /** @param width of the first slots, in milliseconds */
  constructor(start: EpochMs, width: number) {
    this.start = start;
    this.#width = Math.max(1, width);
  }

  get width(): number {
    return this.#width;
  }

  /** The slot of an instant. */
  slot(at: EpochMs): number {
    while (at - this.start >= this.#width * MOST_SLOTS) this.#width *= 2;
    return Math.max(0, Math.floor((at - this.start) / this.#width));
  }
}

/**
 * How one subject stood under one rule over a whole history, in memory that does not grow with its length: of each slot of
 * time the least and the most of single readings, and what the detector said when it was loudest: what it judged, beside the
 * band of the same test, and the score. NaN where nothing was known; a slot that only took over what was last said has no score.
 */
export class Track {
  readonly #grid: TimeGrid;
  #width: number;
  #size = 0;
  #columns = emptyColumns(FIRST_SLOTS);
  /** When the band was last asked for, and the slot that has it. */
  #bandAt = Number.NEGATIVE_INFINITY;
  #bandSlot = -1;
  #restless = false;

  constructor(grid: TimeGrid) {
    this.#grid = grid;
    this.#width = grid.width;
  }

  /** Milliseconds that one slot spans. */
  get width(): number {
    this.#fold();
    return this.#width;
  }

  /** The values of every slot up to the last. */
  column(field: Field): Float32Array {
    this.#fold();
    return this.#columns[field].subarray(0, this.#size);
  }

  /** Takes a reading. @returns whether it is time to ask for the band; a slot for which it is not has the last one */
  add({ at, numerator, denominator }: Reading): boolean {
    const slot = this.#reach(at as EpochMs);
    const { least, most } = this.#columns;
    if (denominator > 0) {
      const value = numerator / denominator;
      least[slot] = lesser(least[slot]!, value);
      most[slot] = greater(most[slot]!, value);
    }
    if (slot === this.#bandSlot) return false;
    if (at - this.#bandAt >= (this.#restless ? RESTLESS_EVERY : BAND_EVERY)) return true;
    this.#copyBand(slot);
    return false;
  }

  /** What the detector says of the last reading, and how loudly. */
  setBand({ observed, denominator, expected, lower, upper }: Explanation, at: EpochMs, score: number): void {
    const slot = this.#reach(at);
    const columns = this.#columns;
    this.#bandSlot = slot;
    this.#bandAt = at;
    const loudness = Number.isFinite(score) ? score : 0;
    this.#restless = loudness > RESTLESS;
    if (columns.score[slot]! > loudness) return;
    columns.judged[slot] = denominator > 0 ? observed : Number.NaN;
    columns.expected[slot] = expected ?? Number.NaN;
    columns.lower[slot] = lower ?? Number.NaN;
    columns.upper[slot] = upper ?? Number.NaN;
    columns.score[slot] = loudness;
  }

  #copyBand(slot: number): void {
    const { judged, expected, lower, upper } = this.#columns;
    for (const column of [expected, lower, upper]) column[slot] = column[this.#bandSlot]!;
    if (!this.#restless) judged[slot] = judged[this.#bandSlot]!;
    this.#bandSlot = slot;
  }

  #reach(at: EpochMs): number {
    const slot = this.#grid.slot(at);
    this.#fold();
    const room = this.#columns.least.length;
    if (slot >= room) this.#columns = emptyColumns(Math.min(MOST_SLOTS, Math.max(2 * room, slot + 1)), this.#columns);
    this.#size = Math.max(this.#size, slot + 1);
    return slot;
  }

  /** Two slots become one, as often as the grid's did. */
  #fold(): void {
    for (; this.#width < this.#grid.width; this.#width *= 2) {
      const { least, most, score } = this.#columns;
      const size = Math.ceil(this.#size / 2);
      for (let i = 0; i < size; i++) {
        const [a, b] = [2 * i, 2 * i + 1];
        const both = b < this.#size;
        least[i] = both ? lesser(least[a]!, least[b]!) : least[a]!;
        most[i] = both ? greater(most[a]!, most[b]!) : most[a]!;
        const loudest = both ? louder(score, a, b) : a;
        for (const field of TOLD) this.#columns[field][i] = this.#columns[field][loudest]!;
      }
      for (const field of FIELDS) this.#columns[field].fill(Number.NaN, size);
      this.#size = size;
      this.#bandSlot = this.#bandSlot < 0 ? -1 : this.#bandSlot >> 1;
    }
  }
}

/** Which of two slots has what was said the louder; the later one where neither. */
export const louder = (score: Float32Array, a: number, b: number): number =>
  score[a]! > score[b]! || (Number.isNaN(score[b]!) && !Number.isNaN(score[a]!)) ? a : b;

function emptyColumns(size: number, before?: Readonly<Record<Field, Float32Array>>): Record<Field, Float32Array> {
  const column = (field: Field): Float32Array => {
    const values = new Float32Array(size).fill(Number.NaN);
    if (before) values.set(before[field]);
    return values;
  };
  return Object.fromEntries(FIELDS.map((field) => [field, column(field)])) as Record<Field, Float32Array>;
}

/** What is not known leaves the other. */
const lesser = (a: number, b: number): number => (Number.isNaN(a) || b < a ? b : a);
const greater = (a: number, b: number): number => (Number.isNaN(a) || b > a ? b : a);
