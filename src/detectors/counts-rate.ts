import type { Reading } from "../series/reading.ts";
import { SeasonalBank } from "./bank.ts";
import type { Detector, DetectorOptions, Explanation, Gates, Readiness } from "./detector.ts";
import { age, GRACE, lacking, MATURITY_CELLS, mature } from "./maturity.ts";
import { initShape, learnShape, SHAPE_CELLS, shapeOf } from "./shape.ts";
import { lowerBound, lowerEvidence, upperBound, upperEvidence } from "./tails.ts";
import { complete, ended, START } from "./windows.ts";

/** Lengths of the windows in seconds; the first is one scrape. The last one also watches for a drop. */
const WINDOWS = [0, 5, 20, 60] as const;
const DROP = WINDOWS.length - 1;
const THRESHOLD = 12;
/** Events before the rate counts as learned. */
const FEWEST_EVENTS = 30;
/** Dispersion and level are learned from blocks of this many seconds. */
const BLOCK = 15;
/** How fast the level follows, in seconds: alone, and once a daily profile carries the shape of the day. */
const LEVEL_TAU = 3_600;
const RATIO_TAU = 6 * 3_600;
/** The rate is never taken for more than so many times, or less than such a part of, its daily profile. */
const MOST_RATIO = 1_000;
/** Prior squared coefficient of variation: a Poisson prior fires on every burst of a bursty model. */
const PRIOR_CV2 = 0.25;
/** Expected events that are added to every window, so that a few events after silence surprise nobody. */
const SLACK = 0.5;
const GRACE_SECONDS = 30;
const DAY = 86_400;

const LEVEL = MATURITY_CELLS;
const LEARNED = LEVEL + 1;
const RATIO = LEVEL + 2;
const SHAPE = LEVEL + 3;
const BLOCK_K = SHAPE + SHAPE_CELLS;
const BLOCK_S = BLOCK_K + 1;
const ALARM = BLOCK_K + 2;
const HOT_K = BLOCK_K + 3;
const HOT_S = BLOCK_K + 4;
const LAST = BLOCK_K + 5;
const FIRST_WINDOW = BLOCK_K + 6;
const WINDOW_CELLS = 5;
const K = 1;
const S = 2;
const UP = 3;
const DOWN = 4;
const STRIDE = FIRST_WINDOW + WINDOWS.length * WINDOW_CELLS;

/**
 * A request rate judged as over-dispersed counts against a learned level and, after a day, an hour-of-day profile. Up: the
 * negative-binomial tail on windows of one scrape to a minute. Down: the lower tail on a minute. It learns falls as they
 * come (nights are no alarm), and freezes while a rise is suspicious.
 */
export class CountsRate extends SeasonalBank implements Detector {
  readonly #seasonal: boolean;

  constructor(options: DetectorOptions) {
    super(STRIDE, initial);
    this.#seasonal = options.season;
  }

  learning(row: number): boolean {
    return !mature(this.rows.data, row * STRIDE, FEWEST_EVENTS);
  }

  readiness(row: number): Readiness {
    return lacking(this.rows.data, row * STRIDE, FEWEST_EVENTS);
  }

  inherit(_row: number, _sibling: Float64Array): void {}

  advance(row: number, reading: Reading): number {
    const data = this.rows.data;
    const base = row * STRIDE;
    data[base + LAST] = reading.at;
    const rate = this.#expected(row, reading.at);
    const r = shapeOf(data, base + SHAPE);
    const quiet = reading.at < data[base + GRACE]!;
    let score = 0;
    for (let w = 0; w < WINDOWS.length; w++) {
      const cell = windowCell(base, w);
      if (quiet || ended(data[cell + START]!, reading, WINDOWS[w]!)) {
        if (!quiet) this.#end(base, cell, w, rate);
        data[cell + START] = reading.at - reading.seconds * 1000;
        data[cell + K] = 0;
        data[cell + S] = 0;
      }
      if (!quiet) {
        data[cell + K]! += reading.numerator;
        data[cell + S]! += reading.seconds;
      }
      const mu = rate * data[cell + S]! + SLACK;
      data[cell + UP] = upperEvidence(data[cell + K]!, mu, r);
      // A drop needs its whole window, a minute without requests, and holds until the next one is whole.
      if (w === DROP && complete(data[cell + START]!, reading, WINDOWS[DROP]!))
        data[cell + DOWN] = lowerEvidence(data[cell + K]!, mu, r);
      score = Math.max(score, data[cell + UP]! / THRESHOLD);
    }
    return this.learning(row) ? 0 : score;
  }

  judge(row: number, gates: Gates, raise: number): number {
    if (gates.against === "anchor") return 0;
    if (this.learning(row)) return 0;
    let score = 0;
    for (let w = 0; w < WINDOWS.length; w++) score = Math.max(score, this.#score(row, w, gates));
    return (score * THRESHOLD) / (THRESHOLD + raise);
  }

  learn(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    age(data, base, reading.seconds, reading.numerator);
    data[base + HOT_K] = 0;
    data[base + HOT_S] = 0;
    if (reading.at < data[base + GRACE]!) return;
    data[base + BLOCK_K]! += reading.numerator;
    data[base + BLOCK_S]! += reading.seconds;
    if (data[base + BLOCK_S]! >= BLOCK) this.#teach(row, reading.at);
  }

  distrust(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    age(data, base, reading.seconds, reading.numerator);
    data[base + BLOCK_K] = 0;
    data[base + BLOCK_S] = 0;
    data[base + HOT_K]! += reading.numerator;
    data[base + HOT_S]! += reading.seconds;
  }

  alarm(row: number): void {
    const data = this.rows.data;
    let most = 0;
    for (let w = 0; w < WINDOWS.length; w++) {
      const cell = windowCell(row * STRIDE, w);
      if (data[cell + S]! > 0 && data[cell + UP]! >= THRESHOLD)
        most = Math.max(most, data[cell + K]! / data[cell + S]!);
    }
    data[row * STRIDE + ALARM] = most;
  }

  calm(row: number): void {
    this.rows.data[row * STRIDE + ALARM] = 0;
    this.cut(row);
  }

  cut(row: number): void {
    for (let w = 0; w < WINDOWS.length; w++) {
      const cell = windowCell(row * STRIDE, w);
      this.rows.data.fill(0, cell, cell + WINDOW_CELLS);
    }
  }

  settle(row: number, at: number): void {
    const base = row * STRIDE;
    this.rows.data[base + GRACE] = at + GRACE_SECONDS * 1000;
    this.rows.data[base + BLOCK_K] = 0;
    this.rows.data[base + BLOCK_S] = 0;
    this.calm(row);
  }

  adopt(row: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    if (data[base + HOT_S]! > 0) {
      const rate = data[base + HOT_K]! / data[base + HOT_S]!;
      data[base + RATIO] = (data[base + RATIO]! * rate) / Math.max(this.#expected(row, data[base + LAST]!), 1e-9);
      data[base + LEVEL] = rate;
    }
    this.calm(row);
  }

  explain(row: number, gates: Gates, raise: number): Explanation {
    const data = this.rows.data;
    const base = row * STRIDE;
    let w = DROP;
    for (let i = 0; i < WINDOWS.length; i++) if (this.#score(row, i, gates) > this.#score(row, w, gates)) w = i;
    const cell = windowCell(base, w);
    const seconds = data[cell + S]!;
    const expected = this.#expected(row, data[base + LAST]!);
    const r = shapeOf(data, base + SHAPE);
    const known = seconds > 0 && !this.learning(row);
    const mu = expected * seconds + SLACK;
    return {
      test: w === 0 ? "one scrape" : `${WINDOWS[w]}s window`,
      window: seconds,
      numerator: data[cell + K]!,
      denominator: seconds,
      observed: seconds > 0 ? data[cell + K]! / seconds : 0,
      expected: this.learning(row) ? undefined : expected,
      lower: known ? Math.min(lowerBound(mu, r, THRESHOLD + raise) / seconds, expected / gates.times) : undefined,
      upper: known
        ? Math.max(
            upperBound(mu, r, THRESHOLD + raise) / seconds,
            gates.above,
            gates.times * expected,
            gates.minimum / seconds,
          )
        : undefined,
      evidence: gates.direction === "down" ? data[cell + DOWN]! : data[cell + UP]!,
      threshold: THRESHOLD + raise,
    };
  }

  /** Requests a second expected at an instant. */
  #expected(row: number, at: number): number {
    const data = this.rows.data;
    const base = row * STRIDE;
    if (!this.#seasonal || data[base]! < DAY) return data[base + LEVEL]!;
    const profile = this.season.at(row, at);
    return Number.isNaN(profile) ? data[base + LEVEL]! : profile * data[base + RATIO]!;
  }

  #score(row: number, w: number, gates: Gates): number {
    const data = this.rows.data;
    const base = row * STRIDE;
    const cell = windowCell(base, w);
    const seconds = data[cell + S]!;
    if (seconds === 0) return 0;
    const k = data[cell + K]!;
    const expected = this.#expected(row, data[base + LAST]!);
    let score = 0;
    if (
      gates.direction !== "down" &&
      k >= gates.minimum &&
      k > gates.above * seconds &&
      k > gates.times * expected * seconds
    ) {
      score = data[cell + UP]! / THRESHOLD;
    }
    if (gates.direction !== "up" && k * gates.times < expected * seconds)
      score = Math.max(score, data[cell + DOWN]! / THRESHOLD);
    return score;
  }

  /** A window of 20 s or more that lies nearer to the expected rate than to the alarm's ends the alarm. */
  #end(base: number, cell: number, w: number, expected: number): void {
    const data = this.rows.data;
    const alarm = data[base + ALARM]!;
    if (alarm <= 0 || WINDOWS[w]! < 20 || data[cell + S]! === 0) return;
    if (data[cell + K]! / data[cell + S]! < Math.sqrt(Math.max(expected, 0.01) * alarm)) {
      data[base + ALARM] = 0;
      for (let i = 0; i < WINDOWS.length; i++) data.fill(0, windowCell(base, i), windowCell(base, i) + WINDOW_CELLS);
    }
  }

  #teach(row: number, at: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    const seconds = data[base + BLOCK_S]!;
    const k = data[base + BLOCK_K]!;
    const expected = this.#expected(row, at);
    data[base + BLOCK_K] = 0;
    data[base + BLOCK_S] = 0;
    const learned = data[base + LEARNED]!;
    if (learned > 0) learnShape(data, base + SHAPE, k, expected * seconds);
    data[base + LEARNED] = Math.min(learned + seconds, LEVEL_TAU);
    data[base + LEVEL]! += (seconds / data[base + LEARNED]!) * (k / seconds - data[base + LEVEL]!);
    if (!this.#seasonal) return;
    const ratio = (k + SLACK) / (expected * seconds + SLACK);
    if (data[base]! >= DAY) data[base + RATIO]! *= Math.min(2, Math.max(0.5, ratio)) ** (seconds / RATIO_TAU);
    data[base + RATIO] = Math.min(MOST_RATIO, Math.max(1 / MOST_RATIO, data[base + RATIO]!));
    this.season.update(row, at, k / seconds / data[base + RATIO]!, seconds);
  }
}

const windowCell = (base: number, w: number): number => base + FIRST_WINDOW + w * WINDOW_CELLS;

/** Writes what is not 0 in a new row. */
function initial(data: Float64Array, base: number): void {
  data[base + RATIO] = 1;
  initShape(data, base + SHAPE, PRIOR_CV2);
}
