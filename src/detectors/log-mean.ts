import type { Reading } from "../series/reading.ts";
import { SeasonalBank } from "./bank.ts";
import { accumulate, CUSUM_CELLS, DOWN, meanShift, meanWeight, thresholdAfter, UP } from "./cusum.ts";
import type { Detector, DetectorOptions, Explanation, Gates, Readiness } from "./detector.ts";
import { AGE, age, GRACE, lacking, MATURITY_CELLS, mature } from "./maturity.ts";
import { firstLevel } from "./warm-up.ts";

/** A block ends with this many events and seconds, or after the longest time with any event. */
const BLOCK_EVENTS = 20;
const BLOCK_SECONDS = 4;
const LONGEST_BLOCK = 60;
/** Blocks the first level and scale are taken from. */
const WARM_UP = 12;
const FEWEST_BLOCKS = 6;
/** Scales are those of a block of `BLOCK_EVENTS`: the mean of fewer events is noisier by the root of their number. */
const precision = (events: number): number => Math.sqrt(Math.min(1, events / BLOCK_EVENTS));
/** No scale (standard deviation of the log) is taken for smaller than this. */
const SCALE_FLOOR = 0.06;
/** Two blocks beyond this factor, and this many standard deviations out, are a shift at once. */
const STRONG_SHIFT = Math.log(1.6);
const STRONG_Z = 4;
const STRONG_BLOCKS = 2;
/** The CUSUM fires if the mean shift is large enough, and lasts, to matter. */
const LEAST_MEAN_SHIFT = Math.log(1.4);
const CUSUM_BLOCKS = 4;
/** After this long without a block nothing is known any more. */
const SILENCE = 300;
/** The first answers of a process are slow: kernels are compiled, caches are cold. */
const GRACE_SECONDS = 180;
/** A daily profile speaks after this many seconds. */
const DAY = 86_400;
/** After a restart the level may move by at most this factor without an alarm, over this many blocks. */
const RESETTLE_BLOCKS = 60;
const RESETTLE_MOST = Math.log(1.35);

const START = MATURITY_CELLS;
const SUM = START + 1;
const COUNT = START + 2;
const BLOCKS = START + 3;
const LEVEL = START + 4;
const SCALE = START + 5;
const SHIFT = START + 6;
const STRONG_UP = START + 7;
const STRONG_DOWN = START + 8;
const CUSUM = START + 9;
const REST = CUSUM + CUSUM_CELLS;
const HOT_SUM = REST;
const HOT_BLOCKS = REST + 1;
const RESETTLE = REST + 2;
const RESETTLED = REST + 3;
const BLOCK_LENGTH = REST + 4;
/** Whether the last reading ended a block: only then is there something to learn. */
const FRESH = REST + 5;
const LAST_SUM = REST + 6;
const LAST_COUNT = REST + 7;
/** What the daily profile adds to the level for the last block. */
const PROFILE = REST + 8;
const BUFFER = REST + 9;
const STRIDE = BUFFER + WARM_UP;

/**
 * The mean of a positive quantity (time a request, inferences an execution) on the log scale, in blocks of enough events to
 * carry a mean. Two strong blocks in a row, or a CUSUM for a smaller shift that lasts.
 */
export class LogMean extends SeasonalBank implements Detector {
  readonly tests = [
    { window: STRONG_BLOCKS * BLOCK_SECONDS, threshold: (STRONG_BLOCKS * STRONG_Z ** 2) / 2 },
    { window: CUSUM_BLOCKS * BLOCK_SECONDS, threshold: thresholdAfter(0) },
  ];
  readonly #seasonal: boolean;
  readonly #tau: number;

  constructor(options: DetectorOptions) {
    super(STRIDE);
    this.#seasonal = options.season;
    this.#tau = options.halfLife / Math.LN2;
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
    data[base + FRESH] = 0;
    if (reading.at < data[base + GRACE]!) return 0;
    if (data[base + START] === 0) data[base + START] = reading.at - reading.seconds * 1000;
    data[base + SUM]! += reading.numerator;
    data[base + COUNT]! += reading.denominator;
    const seconds = (reading.at - data[base + START]!) / 1000;
    const full = data[base + COUNT]! >= BLOCK_EVENTS && seconds >= BLOCK_SECONDS;
    if (full || (seconds >= LONGEST_BLOCK && data[base + COUNT]! > 0)) this.#endBlock(row, reading.at);
    else if (seconds >= SILENCE) this.cut(row);
    return this.learning(row) ? 0 : Math.max(this.#score(base, 1), this.#score(base, -1));
  }

  judge(row: number, gates: Gates, raise: number): number {
    if (gates.against === "anchor") return 0;
    const data = this.rows.data;
    const base = row * STRIDE;
    if (this.learning(row) || data[base + LAST_COUNT]! < gates.minimum) return 0;
    const least = Math.log(Math.max(1, gates.times));
    const observed = data[base + LAST_SUM]! / Math.max(data[base + LAST_COUNT]!, 1);
    if (observed <= gates.above) return 0;
    const up = gates.direction !== "down" && meanShift(data, base + CUSUM) > least ? this.#score(base, 1) : 0;
    const down = gates.direction !== "up" && meanShift(data, base + CUSUM) < -least ? this.#score(base, -1) : 0;
    const threshold = this.#threshold(base);
    return (Math.max(up, down) * threshold) / (threshold + raise);
  }

  learn(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    age(data, base, reading.seconds, reading.denominator);
    if (data[base + FRESH] === 0) return;
    data[base + HOT_SUM] = 0;
    data[base + HOT_BLOCKS] = 0;
    const blocks = ++data[base + BLOCKS]!;
    if (blocks <= WARM_UP) {
      data[base + BUFFER + blocks - 1] = data[base + LEVEL]! + data[base + PROFILE]! + data[base + SHIFT]!;
      const first = firstLevel(data.slice(base + BUFFER, base + BUFFER + blocks));
      data[base + LEVEL] = first.level;
      data[base + SCALE] = first.scale * precision(data[base + LAST_COUNT]!);
      return;
    }
    const scale = this.#scale(base);
    const weight = precision(data[base + LAST_COUNT]!);
    const shift = Math.max(-3 * scale, Math.min(3 * scale, data[base + SHIFT]! * weight));
    const gain = Math.max(data[base + BLOCK_LENGTH]! / this.#tau, 1 / blocks);
    data[base + LEVEL]! += gain * weight * shift;
    if (this.#seasonal)
      this.season.update(row, reading.at, data[base + PROFILE]! + weight * shift, data[base + BLOCK_LENGTH]!);
    data[base + SCALE]! += Math.max(gain / 2, 0.5 / (blocks + 5)) * (1.2533 * Math.abs(shift) - data[base + SCALE]!);
  }

  distrust(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    age(data, base, reading.seconds, reading.denominator);
    if (data[base + FRESH] === 0) return;
    data[base + HOT_SUM]! += data[base + SHIFT]!;
    data[base + HOT_BLOCKS]!++;
  }

  alarm(): void {}

  calm(row: number): void {
    this.cut(row);
  }

  cut(row: number): void {
    const base = row * STRIDE;
    this.rows.data.fill(0, base + START, base + COUNT + 1);
    this.rows.data.fill(0, base + STRONG_UP, base + CUSUM + CUSUM_CELLS);
  }

  settle(row: number, at: number): void {
    const base = row * STRIDE;
    this.rows.data[base + GRACE] = at + GRACE_SECONDS * 1000;
    this.rows.data[base + RESETTLE] = RESETTLE_BLOCKS;
    this.rows.data[base + RESETTLED] = 0;
    this.cut(row);
  }

  adopt(row: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    if (data[base + HOT_BLOCKS]! > 0) data[base + LEVEL]! += data[base + HOT_SUM]! / data[base + HOT_BLOCKS]!;
    this.cut(row);
  }

  explain(row: number, gates: Gates, raise: number): Explanation {
    const data = this.rows.data;
    const base = row * STRIDE;
    const count = data[base + LAST_COUNT]!;
    const expected = Math.exp(data[base + LEVEL]! + data[base + PROFILE]!);
    const band = Math.exp(Math.max(STRONG_Z * this.#scale(base), Math.log(Math.max(1, gates.times))));
    const known = !this.learning(row);
    const strong = Math.max(data[base + STRONG_UP]!, data[base + STRONG_DOWN]!) >= STRONG_BLOCKS;
    return {
      test: strong ? "two strong blocks" : "CUSUM of blocks",
      window: data[base + BLOCK_LENGTH]!,
      numerator: data[base + LAST_SUM]!,
      denominator: count,
      observed: count > 0 ? data[base + LAST_SUM]! / count : 0,
      expected: known ? expected : undefined,
      lower: known ? expected / band : undefined,
      upper: known ? expected * band : undefined,
      evidence: Math.max(data[base + CUSUM + UP]!, data[base + CUSUM + DOWN]!),
      threshold: this.#threshold(base) + raise,
    };
  }

  #endBlock(row: number, at: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    const mean = data[base + SUM]! / data[base + COUNT]!;
    data[base + BLOCK_LENGTH] = (at - data[base + START]!) / 1000;
    data[base + LAST_SUM] = data[base + SUM]!;
    data[base + LAST_COUNT] = data[base + COUNT]!;
    data[base + START] = at;
    data[base + SUM] = 0;
    data[base + COUNT] = 0;
    const log = Math.log(mean);
    if (!Number.isFinite(log)) return;
    data[base + FRESH] = 1;
    data[base + PROFILE] = this.#profile(row, at);
    data[base + SHIFT] = log - data[base + LEVEL]! - data[base + PROFILE]!;
    if (!this.learning(row)) this.#weigh(base);
  }

  /** What the time of day adds to the level; nothing while the day is not known. */
  #profile(row: number, at: number): number {
    if (!this.#seasonal || this.rows.data[row * STRIDE + AGE]! < DAY) return 0;
    const profile = this.season.at(row, at);
    return Number.isNaN(profile) ? 0 : profile;
  }

  /** Adds a block to the tests. */
  #weigh(base: number): void {
    const data = this.rows.data;
    const scale = this.#scale(base);
    if (data[base + RESETTLE]! > 0) this.#resettle(base, scale);
    const shift = data[base + SHIFT]!;
    const weight = precision(data[base + LAST_COUNT]!);
    const z = (shift * weight) / scale;
    const strong = Math.abs(shift) > STRONG_SHIFT && Math.abs(z) > STRONG_Z;
    data[base + STRONG_UP] = strong && shift > 0 ? data[base + STRONG_UP]! + 1 : 0;
    data[base + STRONG_DOWN] = strong && shift < 0 ? data[base + STRONG_DOWN]! + 1 : 0;
    accumulate(data, base + CUSUM, shift, scale, weight, this.#threshold(base) + 2);
  }

  /** After a restart: quick, bounded adjustment of the level, so that a new build is no alarm but a swap is. */
  #resettle(base: number, scale: number): void {
    const data = this.rows.data;
    const done = RESETTLE_BLOCKS - data[base + RESETTLE]!--;
    const wanted =
      Math.max(-3 * scale, Math.min(3 * scale, data[base + SHIFT]! * precision(data[base + LAST_COUNT]!))) / (done + 3);
    const moved = data[base + RESETTLED]!;
    const move = Math.max(-RESETTLE_MOST - moved, Math.min(RESETTLE_MOST - moved, wanted));
    data[base + RESETTLED] = moved + move;
    data[base + LEVEL]! += move;
    data[base + SHIFT]! -= move;
  }

  #score(base: number, sign: 1 | -1): number {
    const data = this.rows.data;
    const strong = data[base + (sign > 0 ? STRONG_UP : STRONG_DOWN)]! / STRONG_BLOCKS;
    const cusum = data[base + CUSUM + (sign > 0 ? UP : DOWN)]! / this.#threshold(base);
    const enough =
      sign * meanShift(data, base + CUSUM) >= LEAST_MEAN_SHIFT && meanWeight(data, base + CUSUM) >= CUSUM_BLOCKS;
    return Math.max(strong, enough ? cusum : Math.min(cusum, 0.99));
  }

  #threshold(base: number): number {
    return thresholdAfter(this.rows.data[base + BLOCKS]!);
  }

  #scale(base: number): number {
    return Math.max(SCALE_FLOOR, this.rows.data[base + SCALE]!);
  }
}
