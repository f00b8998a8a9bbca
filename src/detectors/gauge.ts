import type { Reading } from "../series/reading.ts";
import { Bank } from "./bank.ts";
import type { Detector, DetectorOptions, DetectorTest, Explanation, Gates, Held, Readiness } from "./detector.ts";
import { age, GRACE, lacking, MATURITY_CELLS, mature } from "./maturity.ts";
import { firstLevel } from "./warm-up.ts";

/** Values are averaged over blocks of this many seconds. */
const BLOCK = 300;
const WARM_UP = 12;
const FEWEST_BLOCKS = 6;
/** No scale is taken for smaller than one per cent of the range. */
const SCALE_FLOOR = 0.01;
/** CUSUM: standard deviations a block may lie above the level for free, and the sum that fires. */
const ALLOWANCE = 0.75;
const THRESHOLD = 14;
/** How far above it evidence may gather: as far as anybody raises thresholds. Once in alarm it gains little more, or no end would be seen. */
const ROOM = 40;
const ROOM_IN_ALARM = 2;
const CLIP_Z = 5;
/** Above this part of its bound, and this much above its own level, a resource is about to run out. */
const FULL = 0.97;
const RISEN = 0.05;
/** The level learns a rise at a quarter of the speed of a fall. */
const RISING_GAIN = 0.25;
const GRACE_SECONDS = 30;

/** What explanations call the test of what climbs. */
const CUSUM_NAME = "CUSUM of 5m means";
const FULL_NAME = "nearly full";

const TESTS: readonly DetectorTest[] = [{ name: CUSUM_NAME, window: BLOCK, threshold: THRESHOLD }];

/** What an export for Prometheus repeats. */
export const GAUGE = {
  allowance: ALLOWANCE,
  threshold: THRESHOLD,
  room: ROOM_IN_ALARM,
  clip: CLIP_Z,
  leastScale: SCALE_FLOOR,
  fewestBlocks: FEWEST_BLOCKS,
  full: FULL,
  risen: RISEN,
} as const;

const SUM = MATURITY_CELLS;
const SECONDS = SUM + 1;
const BLOCKS = SUM + 2;
const LEVEL = SUM + 3;
const SCALE = SUM + 4;
const CUSUM = SUM + 5;
const LAST = SUM + 6;
const FRESH = SUM + 7;
const MEAN = SUM + 8;
const HOT = SUM + 9;
const HOT_BLOCKS = SUM + 10;
const BUFFER = SUM + 11;
/** The most the CUSUM may reach; 0 where that is threshold and room. */
const CEILING = BUFFER + WARM_UP;
/** Epoch milliseconds since when the CUSUM is above 0. */
const SINCE = CEILING + 1;
/** The blocks since then: their number, their seconds, and the sum of their means. */
const GATHERED = SINCE + 1;
const GATHERED_SECONDS = SINCE + 2;
const GATHERED_MEANS = SINCE + 3;
const STRIDE = SINCE + 4;

/** A bounded gauge (memory of its total, power of its limit): drift away from a robust level, or nearly full when it was not. */
export class Gauge extends Bank implements Detector {
  readonly #tau: number;

  constructor(options: DetectorOptions) {
    super(STRIDE);
    this.#tau = options.halfLife / Math.LN2;
  }

  tests({ against, direction }: Held): readonly DetectorTest[] {
    return against === "anchor" || direction === "down" ? [] : TESTS;
  }

  learning(row: number): boolean {
    const data = this.rows.data;
    return !mature(data, row * STRIDE, 0) || data[row * STRIDE + BLOCKS]! < FEWEST_BLOCKS;
  }

  readiness(row: number): Readiness {
    const data = this.rows.data;
    const base = row * STRIDE;
    return { ...lacking(data, base, 0), events: Math.max(0, FEWEST_BLOCKS - data[base + BLOCKS]!) };
  }

  inherit(_row: number, _sibling: Float64Array): void {}

  advance(row: number, reading: Reading): number {
    const data = this.rows.data;
    const base = row * STRIDE;
    const value = reading.numerator / reading.denominator;
    data[base + LAST] = value;
    data[base + FRESH] = 0;
    if (reading.at < data[base + GRACE]!) return 0;
    const seconds = Math.max(reading.seconds, 1);
    data[base + SUM]! += value * seconds;
    data[base + SECONDS]! += seconds;
    if (data[base + SECONDS]! >= BLOCK) this.#endBlock(row, reading.at);
    return this.learning(row) ? 0 : Math.max(this.#full(base), data[base + CUSUM]! / THRESHOLD);
  }

  judge(row: number, gates: Gates, raise: number): number {
    if (gates.against === "anchor") return 0;
    const data = this.rows.data;
    const base = row * STRIDE;
    const value = data[base + LAST]!;
    if (this.learning(row) || gates.direction === "down" || value <= gates.above) return 0;
    if (value <= gates.times * data[base + LEVEL]!) return 0;
    return Math.max(this.#full(base), data[base + CUSUM]! / (THRESHOLD + raise));
  }

  learn(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    age(data, base, reading.seconds, 1);
    if (data[base + FRESH] === 0) return;
    data[base + HOT] = 0;
    data[base + HOT_BLOCKS] = 0;
    const blocks = ++data[base + BLOCKS]!;
    if (blocks <= WARM_UP) {
      data[base + BUFFER + blocks - 1] = data[base + MEAN]!;
      const first = firstLevel(data.slice(base + BUFFER, base + BUFFER + blocks));
      data[base + LEVEL] = first.level;
      data[base + SCALE] = first.scale;
      return;
    }
    const scale = this.#scale(base);
    const off = Math.max(-3 * scale, Math.min(3 * scale, data[base + MEAN]! - data[base + LEVEL]!));
    const gain = Math.max(BLOCK / this.#tau, 1 / blocks);
    data[base + LEVEL]! += (off > 0 ? RISING_GAIN : 1) * gain * off;
    data[base + SCALE]! += gain * (1.2533 * Math.abs(off) - data[base + SCALE]!);
  }

  distrust(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    age(data, base, reading.seconds, 1);
    if (data[base + FRESH] === 0) return;
    data[base + HOT]! += data[base + MEAN]!;
    data[base + HOT_BLOCKS]!++;
  }

  alarm(row: number): void {
    const base = row * STRIDE;
    this.rows.data[base + CEILING] = this.rows.data[base + CUSUM]! + ROOM_IN_ALARM;
  }

  calm(row: number): void {
    this.cut(row);
  }

  cut(row: number): void {
    const base = row * STRIDE;
    this.rows.data[base + SUM] = 0;
    this.rows.data[base + SECONDS] = 0;
    this.rows.data[base + CUSUM] = 0;
    this.rows.data.fill(0, base + CEILING, base + STRIDE);
  }

  /** Another process holds other memory: what was learned is forgotten. */
  settle(row: number, at: number): void {
    const base = row * STRIDE;
    this.rows.data.fill(0, base, base + STRIDE);
    this.rows.data[base + GRACE] = at + GRACE_SECONDS * 1000;
  }

  adopt(row: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    if (data[base + HOT_BLOCKS]! > 0) data[base + LEVEL] = data[base + HOT]! / data[base + HOT_BLOCKS]!;
    this.cut(row);
  }

  explain(row: number, gates: Gates, raise: number): Explanation {
    const data = this.rows.data;
    const base = row * STRIDE;
    const known = !this.learning(row);
    const full = this.#full(base) > 0;
    const threshold = THRESHOLD + raise;
    const gathered = known && !full && this.#speaksOfMean(base, gates, threshold);
    const observed = gathered ? data[base + GATHERED_MEANS]! / data[base + GATHERED]! : data[base + LAST]!;
    const edge = full
      ? this.#fullFrom(base)
      : gathered
        ? this.#meanAt(base, threshold)
        : this.#edgeOfNewest(base, threshold);
    return {
      test: full ? FULL_NAME : CUSUM_NAME,
      window: gathered ? data[base + GATHERED_SECONDS]! : 0,
      ...(gathered && { since: data[base + SINCE]! }),
      numerator: observed,
      denominator: 1,
      observed,
      expected: known ? data[base + LEVEL]! : undefined,
      lower: known ? 0 : undefined,
      upper: known ? Math.max(edge, this.#bar(base, gates)) : undefined,
      evidence: data[base + CUSUM]!,
      threshold,
    };
  }

  /** What a value must lie above under a rule's conditions. */
  #bar(base: number, { above, times }: Gates): number {
    return Math.max(above, times * this.rows.data[base + LEVEL]!);
  }

  /**
   * Whether the mean since the CUSUM left 0 tells what the CUSUM says. Where that is enough and the mean meets no condition, or the
   * newest value does not, it is the newest value that decides.
   */
  #speaksOfMean(base: number, gates: Gates, threshold: number): boolean {
    const data = this.rows.data;
    if (data[base + CUSUM] === 0) return false;
    const bar = this.#bar(base, gates);
    const mean = data[base + GATHERED_MEANS]! / data[base + GATHERED]!;
    return data[base + CUSUM]! < threshold || (data[base + LAST]! > bar && mean > bar);
  }

  /**
   * The mean since the CUSUM left 0 that would just have fired: with blocks all alike, n (z − `ALLOWANCE`) reaches the threshold.
   * Blocks are not alike, so never on the other side of the mean than the CUSUM is of its threshold.
   */
  #meanAt(base: number, threshold: number): number {
    const data = this.rows.data;
    const blocks = data[base + GATHERED]!;
    const alike = data[base + LEVEL]! + this.#scale(base) * (ALLOWANCE + threshold / blocks);
    const over = data[base + CUSUM]! - threshold;
    const straight = (data[base + GATHERED_MEANS]! - over * this.#scale(base)) / blocks;
    return over < 0 ? Math.max(alike, straight) : Math.min(alike, straight);
  }

  /** The newest value needs no bound but a rule's where the CUSUM is enough; else it is a block that would fire soonest. */
  #edgeOfNewest(base: number, threshold: number): number {
    const data = this.rows.data;
    if (data[base + CUSUM]! >= threshold) return 0;
    return Math.min(this.#fullFrom(base), data[base + LEVEL]! + CLIP_Z * this.#scale(base));
  }

  #endBlock(row: number, at: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    const from = at - data[base + SECONDS]! * 1000;
    data[base + MEAN] = data[base + SUM]! / data[base + SECONDS]!;
    data[base + SUM] = 0;
    data[base + SECONDS] = 0;
    data[base + FRESH] = 1;
    if (this.learning(row)) return;
    const z = Math.max(-CLIP_Z, Math.min(CLIP_Z, (data[base + MEAN]! - data[base + LEVEL]!) / this.#scale(base)));
    const ceiling = data[base + CEILING]! || THRESHOLD + ROOM;
    if (data[base + CUSUM] === 0) {
      data[base + SINCE] = from;
      data.fill(0, base + GATHERED, base + STRIDE);
    }
    data[base + GATHERED]!++;
    data[base + GATHERED_SECONDS]! += (at - from) / 1000;
    data[base + GATHERED_MEANS]! += data[base + MEAN]!;
    data[base + CUSUM] = Math.max(0, Math.min(ceiling, data[base + CUSUM]! + z - ALLOWANCE));
  }

  #full(base: number): number {
    return this.rows.data[base + LAST]! > this.#fullFrom(base) ? 1 : 0;
  }

  /** The largest value that is not nearly full: not the bounds themselves. */
  #fullFrom(base: number): number {
    return Math.max(FULL, this.rows.data[base + LEVEL]! + RISEN) * (1 - Number.EPSILON);
  }

  #scale(base: number): number {
    return Math.max(SCALE_FLOOR, this.rows.data[base + SCALE]!);
  }
}
