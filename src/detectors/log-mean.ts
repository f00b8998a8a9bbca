import type { Reading } from "../series/reading.ts";
import { SeasonalBank } from "./bank.ts";
import { type Block, thresholdAfter } from "./cusum.ts";
import type { Detector, DetectorOptions, DetectorTest, Explanation, Gates, Held, Readiness } from "./detector.ts";
import { AGE, age, GRACE, lacking, MATURITY_CELLS, mature } from "./maturity.ts";
import { DOUBT, doubtLevel, LEVEL, LEVEL_CELLS, moveLevel } from "./mean-level.ts";
import {
  correlation,
  inheritNoise,
  lastingNoise,
  learnNoise,
  NOISE_CELLS,
  noiseOf,
  partNoise,
  startNoise,
} from "./mean-noise.ts";
import {
  bareEvidence,
  beginAlarm,
  clearTests,
  endAlarm,
  explainTests,
  gatedEvidence,
  isOver,
  learnTests,
  PAIR_NAME,
  SUM_NAME,
  TESTS_CELLS,
  weigh,
} from "./mean-tests.ts";
import { firstLevel } from "./warm-up.ts";

/** A block ends with this many events and seconds, or after the longest time with any event. */
export const BLOCK_EVENTS = 20;
const BLOCK_SECONDS = 4;
const LONGEST_BLOCK = 60;
/** Blocks the first level and scale are taken from. */
const WARM_UP = 12;
const FEWEST_BLOCKS = 6;
/** Blocks after which a row counts as learned where thresholds are compared: a day of the longest ones. */
const LEARNED_BLOCKS = 1440;
/** After this long without a block nothing is known any more. */
const SILENCE = 300;
/** The first answers of a process are slow: kernels are compiled, caches are cold. */
const GRACE_SECONDS = 180;
/** A daily profile speaks after this many seconds. */
const DAY = 86_400;
/** Variance of what hours differ by: what one noisy hour says of its bin is shrunk accordingly. */
const SEASON_VARIANCE = 0.12 ** 2;
/** The baseline follows a block by three standard deviations at most. */
const CLIP_Z = 3;

const START = MATURITY_CELLS;
const SUM = START + 1;
const COUNT = START + 2;
/** The last block: its length, numerator, denominator, ratio to what was expected, and whether the last reading ended it. */
const LENGTH = START + 3;
const LAST_SUM = START + 4;
const LAST_COUNT = START + 5;
const RATIO = START + 6;
const FRESH = START + 7;
/** What the daily profile adds to the level for the last block. */
const PROFILE = START + 8;
const BLOCKS = START + 9;
/** What was seen, and what was expected of it, since blocks are suspicious. */
const HOT_SEEN = START + 10;
const HOT_EXPECTED = START + 11;
/** Whether the noise is a sibling's. */
const INHERITED = START + 12;
/** How alike drift is in the last block and the one before. */
const ALIKE = START + 13;
/** The threshold after so many blocks: it changes only with them. */
const THRESHOLD = START + 14;
const LEARNED = START + 15;
const NOISE = LEARNED + LEVEL_CELLS;
const TESTS = NOISE + NOISE_CELLS;
const BUFFER = TESTS + TESTS_CELLS;
const STRIDE = BUFFER + WARM_UP;

const LOOKS: readonly DetectorTest[] = [
  { name: PAIR_NAME, window: 2 * BLOCK_SECONDS, threshold: thresholdAfter(LEARNED_BLOCKS) },
  { name: SUM_NAME, window: LONGEST_BLOCK, threshold: thresholdAfter(LEARNED_BLOCKS) },
];

/**
 * The mean of a positive quantity (time a request, inferences an execution) in blocks of enough events to carry a mean, around
 * a level on the log scale with a daily profile. Two strong blocks in a row, or a CUSUM for a smaller shift that lasts.
 */
export class LogMean extends SeasonalBank implements Detector {
  readonly #seasonal: boolean;
  readonly #tau: number;
  /** The block being weighed; one for all rows. */
  readonly #block: Block = { from: 0, until: 0, seen: 0, events: 0, expected: 1, variance: 1 };

  constructor(options: DetectorOptions) {
    super(STRIDE, initialRow, options.offset);
    this.#seasonal = options.season;
    this.#tau = options.halfLife / Math.LN2;
  }

  tests({ against }: Held): readonly DetectorTest[] {
    return against === "anchor" ? [] : LOOKS;
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

  /** Takes the sibling's scatter, within what is usual. Its level is its own: another host is slower or faster. */
  inherit(row: number, sibling: Float64Array): void {
    const base = row * STRIDE;
    if (sibling[BLOCKS]! < WARM_UP) return;
    inheritNoise(this.rows.data, base + NOISE, sibling, NOISE);
    this.rows.data[base + INHERITED] = 1;
  }

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
    if (this.learning(row) || isOver(data, base + TESTS)) return 0;
    const evidence = Math.max(bareEvidence(data, base + TESTS, 1), bareEvidence(data, base + TESTS, -1));
    return evidence / data[base + THRESHOLD]!;
  }

  judge(row: number, gates: Gates, raise: number): number {
    const data = this.rows.data;
    const base = row * STRIDE;
    if (gates.against === "anchor" || this.learning(row) || isOver(data, base + TESTS)) return 0;
    const up = gates.direction === "down" ? 0 : gatedEvidence(data, base + TESTS, 1, gates);
    const down = gates.direction === "up" ? 0 : gatedEvidence(data, base + TESTS, -1, gates);
    return Math.max(up, down) / (data[base + THRESHOLD]! + raise);
  }

  learn(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    age(data, base, reading.seconds, reading.denominator);
    if (data[base + FRESH] === 0) return;
    data[base + HOT_SEEN] = 0;
    data[base + HOT_EXPECTED] = 0;
    data[base + BLOCKS]!++;
    data[base + THRESHOLD] = thresholdAfter(data[base + BLOCKS]!);
    if (data[base + BLOCKS]! <= WARM_UP) this.#begin(base);
    else this.#follow(row, reading.at);
  }

  distrust(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    age(data, base, reading.seconds, reading.denominator);
    if (data[base + FRESH] === 0) return;
    data[base + HOT_SEEN]! += data[base + LAST_SUM]!;
    data[base + HOT_EXPECTED]! += data[base + LAST_SUM]! / data[base + RATIO]!;
  }

  alarm(row: number): void {
    beginAlarm(this.rows.data, row * STRIDE + TESTS);
  }

  calm(row: number): void {
    endAlarm(this.rows.data, row * STRIDE + TESTS);
    this.cut(row);
  }

  cut(row: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    data.fill(0, base + START, base + COUNT + 1);
    partNoise(data, base + NOISE);
    clearTests(data, base + TESTS);
  }

  settle(row: number, at: number): void {
    const base = row * STRIDE;
    this.rows.data[base + GRACE] = at + GRACE_SECONDS * 1000;
    doubtLevel(this.rows.data, base + LEARNED);
    this.cut(row);
  }

  adopt(row: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    if (data[base + HOT_EXPECTED]! > 0)
      data[base + LEARNED + LEVEL]! += Math.log(data[base + HOT_SEEN]! / data[base + HOT_EXPECTED]!);
    this.calm(row);
  }

  explain(row: number, gates: Gates, raise: number): Explanation {
    const base = row * STRIDE;
    const data = this.rows.data;
    const expected = Math.exp(data[base + LEARNED + LEVEL]! + data[base + PROFILE]!);
    const told = explainTests(data, base + TESTS, gates, data[base + THRESHOLD]! + raise, expected);
    return this.learning(row) ? { ...told, expected: undefined, lower: undefined, upper: undefined } : told;
  }

  /** The first blocks: their median and scatter are the level and the noise. */
  #begin(base: number): void {
    const data = this.rows.data;
    const blocks = data[base + BLOCKS]!;
    const events = data[base + LAST_COUNT]!;
    data[base + BUFFER + blocks - 1] = Math.log(data[base + LAST_SUM]! / events);
    const first = firstLevel(data.slice(base + BUFFER, base + BUFFER + blocks));
    data[base + LEARNED + LEVEL] = first.level;
    if (data[base + INHERITED] === 0) startNoise(data, base + NOISE, first.scale ** 2, events);
    data[base + LEARNED + DOUBT] = noiseOf(data, base + NOISE, events) / blocks;
  }

  /** All later blocks move the level, the daily profile, the noise, and what calibrates the tests. */
  #follow(row: number, at: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    const length = data[base + LENGTH]!;
    const events = data[base + LAST_COUNT]!;
    const off = data[base + RATIO]! - 1;
    const limit = CLIP_Z * Math.sqrt(noiseOf(data, base + NOISE, events) + data[base + LEARNED + DOUBT]!);
    const clipped = Math.max(-limit, Math.min(limit, off));
    const lasting = lastingNoise(data, base + NOISE, events, data[base + ALIKE]!);
    const slow = length / this.#tau;
    moveLevel(data, base + LEARNED, clipped, lasting, Math.max(slow, 1 / data[base + BLOCKS]!), length);
    if (this.#seasonal) {
      const said = SEASON_VARIANCE / (SEASON_VARIANCE + (lasting * length) / 3600);
      this.season.update(row, at, data[base + PROFILE]! + said * clipped, length);
    }
    learnNoise(data, base + NOISE, off, events, data[base + ALIKE]!, Math.max(slow, 1 / data[base + BLOCKS]!));
    learnTests(data, base + TESTS);
  }

  #endBlock(row: number, at: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    data[base + LENGTH] = (at - data[base + START]!) / 1000;
    data[base + ALIKE] = correlation(data[base + LENGTH]!);
    data[base + LAST_SUM] = data[base + SUM]!;
    data[base + LAST_COUNT] = data[base + COUNT]!;
    data[base + START] = at;
    data[base + SUM] = 0;
    data[base + COUNT] = 0;
    const log = Math.log(data[base + LAST_SUM]! / data[base + LAST_COUNT]!);
    if (!Number.isFinite(log)) return;
    data[base + FRESH] = 1;
    data[base + PROFILE] = this.#profile(row, at);
    data[base + RATIO] = Math.exp(log - data[base + LEARNED + LEVEL]! - data[base + PROFILE]!);
    this.#weigh(base);
    if (this.learning(row)) clearTests(data, base + TESTS);
  }

  /** What the time of day adds to the level; nothing while the day is not known. */
  #profile(row: number, at: number): number {
    if (!this.#seasonal || this.rows.data[row * STRIDE + AGE]! < DAY) return 0;
    const profile = this.season.at(row, at);
    return Number.isNaN(profile) ? 0 : profile;
  }

  /** Shows the last block to the tests. */
  #weigh(base: number): void {
    const data = this.rows.data;
    const doubt = data[base + LEARNED + DOUBT]!;
    const block = this.#block;
    block.until = data[base + START]!;
    block.from = block.until - data[base + LENGTH]! * 1000;
    block.seen = data[base + LAST_SUM]!;
    block.events = data[base + LAST_COUNT]!;
    block.expected = block.seen / data[base + RATIO]!;
    block.variance = lastingNoise(data, base + NOISE, block.events, data[base + ALIKE]!) + doubt;
    weigh(data, base + TESTS, block, noiseOf(data, base + NOISE, block.events) + doubt, data[base + THRESHOLD]!);
  }
}

/** Writes what is not 0 in a new row. */
function initialRow(data: Float64Array, base: number): void {
  data[base + THRESHOLD] = thresholdAfter(0);
}
