import type { Reading } from "../series/reading.ts";
import { SeasonalBank } from "./bank.ts";
import { cusumEvidence, inflationOf } from "./count-cusum.ts";
import type { DetectorOptions } from "./detector.ts";
import { AGE } from "./maturity.ts";
import {
  acknowledgeLevel,
  beginRestart,
  followLevel,
  type LevelLook,
  measureRestart,
  profileRose,
  recallLevel,
} from "./rate-reference.ts";
import {
  ALARM,
  BLOCK,
  BUSIEST,
  EXPECTED,
  FROZEN,
  HOT_K,
  HOT_MU,
  initialRow,
  K,
  LEARNED,
  LEVEL,
  REFERENCE,
  RUSH,
  RUSH_HOUR,
  SECONDS,
  SHAPE,
  STRIDE,
  SUM,
  SUM_THRESHOLD,
  seasoned,
  windowCell,
  YOUNG,
  YOUNG_FIRST,
} from "./rate-row.ts";
import { RushRows } from "./rush.ts";
import { shapeOf } from "./shape.ts";

const DAY = 86_400;
const HOURS = 24;
/** How fast the level of a row follows that is younger than a day, in seconds. */
const YOUNG_TAU = 3_600;
/**
 * For so many seconds the level of a young row is free; then, until the profile knows a day, it is at most so many times what it
 * was, or than the least: a climb of hours from birth on must come apart from it, a morning after a quiet night must not.
 */
const YOUNG_FREE = 3 * 3_600;
const YOUNG_TIMES = 4;
const YOUNG_LEAST = 0.5;
/** How fast the level follows once a daily profile carries the shape of the day. */
const LEVEL_TAU = 2 * DAY;
/** A block moves the level as if it were at most so much higher, or lower, than expected. */
const MOST_RISE = 0.35;
const MOST_FALL = 0.5;
/** A block that expects few events moves the level less: it counts as if so many more had come as expected. */
const CALM_EVENTS = 5;
/** The rate is never taken for more than so many times, or less than such a part of, its daily profile. */
const MOST_LEVEL = Math.log(1000);
/** Standard deviations beyond which a block counts no more for the level. */
const WINSOR = 3;
/** A sum beyond this part of its threshold freezes the level, for a day at most if no rule confirms it. */
const FREEZE = 0.5;

/** What is expected of a rate and how that is learned: profile, level, rush, and the slow reference behind them. */
export abstract class RateBank extends SeasonalBank {
  readonly #seasonal: boolean;
  readonly #rush: RushRows;
  /** What the reference is shown; one object for all rows, so that none is made per sample. */
  readonly #look: LevelLook = { at: 0, k: 0, seconds: 0, mu: 0, variance: 0, age: 0 };

  constructor(options: DetectorOptions) {
    super(STRIDE, initialRow, options.offset);
    this.#seasonal = options.season;
    this.#rush = new RushRows(options.offset);
  }

  override add(): number {
    const row = super.add();
    this.#rush.reset(row);
    return row;
  }

  override save(row: number): Float64Array {
    return Float64Array.from([...super.save(row), ...this.#rush.save(row)]);
  }

  override load(row: number, saved: Float64Array): void {
    const rush = saved.length - this.#rush.bins;
    super.load(row, saved.subarray(0, rush));
    this.#rush.load(row, saved.subarray(rush));
  }

  override get bytesPerRow(): number {
    return super.bytesPerRow + this.#rush.bytesPerRow;
  }

  /** Writes what a reading at an instant is held against. */
  protected expect(row: number, at: number): void {
    const base = row * STRIDE;
    this.rows.data[base + EXPECTED] = this.expected(row, at);
    this.rows.data[base + RUSH] = this.rush(row, at);
  }

  /** Requests a second expected at an instant. */
  protected expected(row: number, at: number): number {
    const data = this.rows.data;
    const base = row * STRIDE;
    if (!this.#seasonal || !seasoned(data, base)) return data[base + YOUNG]!;
    const profile = this.season.at(row, at);
    return Number.isNaN(profile) ? data[base + YOUNG]! : profile * Math.exp(data[base + LEVEL]!);
  }

  /** How many times the expected rate the hour's busiest minutes usually are. */
  protected rush(row: number, at: number): number {
    return this.#seasonal && seasoned(this.rows.data, row * STRIDE) ? this.#rush.at(row, at) : 1;
  }

  /** Whether lasting tests are armed: the row has seen a day, and this hour of this kind of day. */
  protected armed(row: number, at: number): boolean {
    return seasoned(this.rows.data, row * STRIDE) && (!this.#seasonal || this.season.owns(row, at));
  }

  /** The level of a row that has not seen a day follows reading by reading, and rises to a few times its first hours' at most. */
  protected learnYoung(base: number, { seconds, numerator }: Reading): void {
    const data = this.rows.data;
    data[base + LEARNED] = Math.min(data[base + LEARNED]! + seconds, YOUNG_TAU);
    const gain = Math.min(1, seconds / data[base + LEARNED]!);
    const level = data[base + YOUNG]! + gain * (numerator / seconds - data[base + YOUNG]!);
    if (data[base + AGE]! <= YOUNG_FREE) data[base + YOUNG_FIRST] = Math.max(YOUNG_LEAST, level);
    data[base + YOUNG] = seasoned(data, base) ? level : Math.min(level, YOUNG_TIMES * data[base + YOUNG_FIRST]!);
  }

  /** Whether a young row's traffic has outgrown its first hours: how far it is off is no noise then. */
  protected outgrown(base: number): boolean {
    const data = this.rows.data;
    return (
      !seasoned(data, base) && data[base + YOUNG]! > 0 && data[base + YOUNG]! >= YOUNG_TIMES * data[base + YOUNG_FIRST]!
    );
  }

  /** A full block of five minutes teaches profile, level and reference; winsorised, and frozen while the sum is high. */
  protected learnBlock(row: number, at: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    const cell = windowCell(base, BLOCK);
    const [k, seconds] = [data[cell + K]!, data[cell + SECONDS]!];
    if (this.#frozen(base, seconds) || !this.#seasonal) return;
    if (!seasoned(data, base)) {
      this.season.update(row, at, k / seconds, seconds);
      return;
    }
    const mu = Math.max(1e-9, this.expected(row, at) * seconds);
    const variance = 1 / mu + 1 / shapeOf(data, cell + SHAPE);
    const most = Math.min(k, mu * (1 + WINSOR * Math.sqrt(variance)) + 1);
    const before = data[base + LEVEL]!;
    if (this.season.owns(row, at)) {
      const look = this.#look;
      look.at = at;
      look.k = most;
      look.mu = mu / Math.exp(before);
      look.seconds = seconds;
      look.variance = variance * inflationOf(data, base + SUM);
      look.age = data[base + AGE]!;
      followLevel(data, base + REFERENCE, look);
      const off = Math.max(-MOST_FALL, Math.min(MOST_RISE, (most - mu) / (mu + CALM_EVENTS)));
      const step = (seconds / LEVEL_TAU) * off + measureRestart(data, base + REFERENCE, look);
      data[base + LEVEL] = bounded(before + step);
    }
    const rose = this.season.update(row, at, most / seconds / Math.exp(before), seconds);
    profileRose(data, base + REFERENCE, rose / HOURS);
  }

  override acknowledge(row: number): Float64Array {
    return acknowledgeLevel(this.rows.data, row * STRIDE + REFERENCE);
  }

  override recall(row: number, reference: Float64Array): void {
    recallLevel(this.rows.data, row * STRIDE + REFERENCE, reference);
  }

  /** Measures the rush of an hour, suspicious or not: an hour in which a rule fired tells nothing. */
  protected measureRush(row: number, at: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    const hour = this.#rush.hour(at);
    if (data[base + RUSH_HOUR] !== hour) {
      const known = data[base + RUSH_HOUR]! >= 0 && Number.isFinite(data[base + BUSIEST]!);
      if (known) this.#rush.learn(row, data[base + RUSH_HOUR]!, data[base + BUSIEST]!);
      data[base + RUSH_HOUR] = hour;
      data[base + BUSIEST] = this.#untold(row, at) ? Number.POSITIVE_INFINITY : 0;
    }
    const cell = windowCell(base, BLOCK);
    const mu = this.expected(row, at) * data[cell + SECONDS]!;
    const k = data[cell + K]!;
    // Of twelve blocks one is always busy by chance: what is above two standard deviations of its count is not.
    const least = Math.max(0, k - 2 * Math.sqrt(k));
    data[base + BUSIEST] = Math.max(data[base + BUSIEST]!, Math.log((least + 1) / (mu + 1)));
  }

  /**
   * Whether an alarm that began before this hour keeps it from telling its rush: a flood that runs every night must not become
   * usual. An hour that the profile has never seen still tells it, for nothing else could learn a day that starts with a step.
   */
  #untold(row: number, at: number): boolean {
    return this.rows.data[row * STRIDE + ALARM] !== 0 && this.armed(row, at);
  }

  /** A restart may change the level for good. */
  protected restart(row: number, at: number): void {
    const base = row * STRIDE;
    if (this.#seasonal && seasoned(this.rows.data, base)) beginRestart(this.rows.data, base + REFERENCE, at);
  }

  /** What came in the alarm is the new normal. */
  protected adoptLevel(base: number): void {
    const data = this.rows.data;
    const times = (data[base + HOT_K]! + 1) / (data[base + HOT_MU]! + 1);
    data[base + LEVEL] = bounded(data[base + LEVEL]! + Math.log(times));
    data[base + YOUNG]! *= times;
    data[base + YOUNG_FIRST]! *= times;
  }

  /** Whether the sum is so high that the level must not move, which it may keep from it for a day. */
  #frozen(base: number, seconds: number): boolean {
    const data = this.rows.data;
    const high = cusumEvidence(data, base + SUM) > FREEZE * SUM_THRESHOLD;
    data[base + FROZEN] = high ? data[base + FROZEN]! + seconds : 0;
    return high && data[base + FROZEN]! <= DAY;
  }
}

const bounded = (level: number): number => Math.max(-MOST_LEVEL, Math.min(MOST_LEVEL, level));
