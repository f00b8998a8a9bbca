import type { Explanation } from "../detectors/detector.ts";
import type { Watched } from "../rules/watch.ts";
import type { Reading } from "../series/reading.ts";
import { type EpochMs, MINUTE, SECOND } from "../series/time.ts";

/** Points a trail holds at most; the first ones cost little. */
const MOST_POINTS = 240;
const FIRST_POINTS = 8;
/** While all is well a point stands for so long. Scrapes jitter: one a little early is not left out. */
const SPACING = 0.9 * 15 * SECOND;
/** So often the band is asked for while all is well: finding it may take a search. */
const BAND_EVERY = 0.9 * MINUTE;
const TURNS = 16;
/** One time in double precision; observed, expected, lower, upper and score in single. */
const VALUES = 5;
const POINT_BYTES = 8 + 4 * VALUES;
/** Memory of a trail without its points. */
const TRAIL_BYTES = 400;

/** How a subject stood over time: columns of equal length, oldest first. NaN where nothing was known. */
export interface SubjectPoints {
  /** Epoch milliseconds. */
  readonly at: readonly number[];
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly score: readonly number[];
}

/**
 * How one subject stood under one rule lately: a ring of points that grows with its age. While all is well a point sums up the
 * readings since the point before; while it is not, every reading is one. A point for which the detector was asked has the
 * band with what was observed by the very test it is of; one in between has the readings, with the band last asked for.
 */
export class Trail {
  readonly watched: Watched;
  #times = new Float64Array(0);
  #values = new Float32Array(0);
  /** Points ever written; the ring holds the newest of them. */
  #count = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #bandAt = Number.NEGATIVE_INFINITY;
  #expected = Number.NaN;
  #lower = Number.NaN;
  #upper = Number.NaN;
  /** What the test that the band is of observed, until the next point is written. */
  #judged = Number.NaN;
  /** What was read since the last point. */
  #at = 0;
  #numerator = 0;
  #denominator = 0;
  #score = 0;
  /** There was no memory for it once. */
  refused = false;

  constructor(watched: Watched) {
    this.watched = watched;
  }

  /** Takes a reading. @returns whether it is time to write a point */
  add({ at, seconds, numerator, denominator }: Reading, score: number, anomalous: boolean): boolean {
    // What was seen before does not water down what is suspicious, nor what comes after a gap.
    const apart = anomalous || at - seconds * SECOND > this.#at + 1;
    if (apart && this.#at > this.#lastAt) this.write();
    this.#at = at;
    this.#numerator += numerator;
    this.#denominator += denominator;
    if (score > this.#score) this.#score = score;
    return anomalous || at - this.#lastAt >= SPACING;
  }

  /** Whether the band is to be asked for: it is old, or what was read lies outside and yet is no finding, so another test is meant. */
  wantsBand(at: EpochMs): boolean {
    const read = this.#read;
    if (Number.isNaN(read)) return false;
    return at - this.#bandAt >= BAND_EVERY || read < this.#lower || read > this.#upper;
  }

  setBand({ expected, lower, upper, observed, denominator }: Explanation, at: EpochMs): void {
    // Subjects that begin together take turns from then on.
    this.#bandAt = Number.isFinite(this.#bandAt) ? at : at - ((this.watched.row % TURNS) / TURNS) * BAND_EVERY;
    this.#expected = expected ?? Number.NaN;
    this.#lower = lower ?? Number.NaN;
    this.#upper = upper ?? Number.NaN;
    this.#judged = denominator > 0 ? observed : Number.NaN;
  }

  /** Writes what was read since the last point as one; the oldest point goes where the ring is full. */
  write(): void {
    const size = this.#times.length;
    if (size > 0) {
      const slot = this.#count++ % size;
      const cell = slot * VALUES;
      this.#times[slot] = this.#at;
      this.#values[cell] = Number.isNaN(this.#judged) ? this.#read : this.#judged;
      this.#values[cell + 1] = this.#expected;
      this.#values[cell + 2] = this.#lower;
      this.#values[cell + 3] = this.#upper;
      this.#values[cell + 4] = this.#score;
    }
    this.#lastAt = this.#at;
    this.#judged = Number.NaN;
    this.#numerator = 0;
    this.#denominator = 0;
    this.#score = 0;
  }

  /** The readings since the last point as one; NaN where they are of nothing. */
  get #read(): number {
    return this.#denominator > 0 ? this.#numerator / this.#denominator : Number.NaN;
  }

  /** Bytes it would like to take before its next point. */
  get wish(): number {
    const size = this.#times.length;
    return this.#count < size || size === MOST_POINTS ? 0 : bytesOf(nextSize(size)) - bytesOf(size);
  }

  grow(): void {
    const points = this.points();
    const size = nextSize(this.#times.length);
    this.#times = new Float64Array(size);
    this.#values = new Float32Array(size * VALUES);
    this.#count = points.at.length;
    this.#times.set(points.at);
    const { observed, expected, lower, upper, score } = points;
    for (let i = 0; i < this.#count; i++) {
      this.#values.set([observed[i]!, expected[i]!, lower[i]!, upper[i]!, score[i]!], i * VALUES);
    }
  }

  get bytes(): number {
    return bytesOf(this.#times.length);
  }

  points(): SubjectPoints {
    const size = this.#times.length;
    const held = Math.min(this.#count, size);
    const slots = Array.from({ length: held }, (_, i) => (this.#count - held + i) % size);
    const column = (value: number) => slots.map((slot) => this.#values[slot * VALUES + value]!);
    const [observed, expected, lower, upper, score] = [column(0), column(1), column(2), column(3), column(4)];
    return { at: slots.map((slot) => this.#times[slot]!), observed, expected, lower, upper, score };
  }
}

const nextSize = (size: number): number => Math.min(MOST_POINTS, Math.max(FIRST_POINTS, 2 * size));

/** A trail without points takes nothing that counts. */
const bytesOf = (size: number): number => (size === 0 ? 0 : TRAIL_BYTES + size * POINT_BYTES);
