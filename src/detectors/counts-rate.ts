import type { Reading } from "../series/reading.ts";
import { calibrated, learnExcess, uncalibrated } from "./calibration.ts";
import { accumulateCount, type CountBlock, cusumEvidence, emptyCountCusum, learnCountCusum } from "./count-cusum.ts";
import type { Detector, Explanation, Gates, Readiness } from "./detector.ts";
import { AGE, age, GRACE, lacking, mature } from "./maturity.ts";
import { RateBank } from "./rate-bank.ts";
import { explainRate } from "./rate-explain.ts";
import { referenceIn, referenceKnown } from "./rate-reference.ts";
import {
  ALARM,
  BEGAN,
  BLOCK,
  BUSIEST,
  BY_SUM,
  DROP,
  EVIDENCE,
  EXCESS,
  EXPECTED,
  emptyWindows,
  FALLEN,
  FALLEN_K,
  FALLEN_MU,
  FALLEN_SECONDS,
  FULL,
  HOT_K,
  HOT_MU,
  K,
  LAST,
  REVERSE,
  RUSH,
  SECONDS,
  SHAPE,
  STRIDE,
  SUM,
  SUM_THRESHOLD,
  SUM_TIMES,
  scaleOf,
  spacingOf,
  TAINTED,
  THRESHOLDS,
  WINDOWS,
  windowCell,
} from "./rate-row.ts";
import { bestTest, CREEP_TEST, DROP_TEST, scoreOf, testsOf } from "./rate-score.ts";
import { normalAgain } from "./reverse-cusum.ts";
import { inheritShape, learnShape, shapeOf } from "./shape.ts";
import { lowerEvidence, quickUpperEvidence } from "./tails.ts";
import { begins, filled, isFull, START, spanOf } from "./windows.ts";

/** Events before the rate counts as learned. */
export const FEWEST_EVENTS = 30;
/** Seconds without judgement after a restart. */
const GRACE_SECONDS = 30;
/** Expected events that are added to every window, so that a few events after silence surprise nobody. */
export const SLACK = 0.5;

/**
 * A request rate judged as over-dispersed counts against a learned level and, after a day, an hour-of-day profile. Up: the
 * negative-binomial tail on windows of one scrape to five minutes, and a CUSUM over blocks of five minutes for what is twice as
 * much for long. Down: the lower tail on a minute. Against the anchor: the level beside its slow reference. It learns falls as
 * they come (nights are no alarm), and freezes while a rise is suspicious.
 */
export class CountsRate extends RateBank implements Detector {
  readonly tests = testsOf;
  /** What the sum is shown; one object for all rows, so that none is made per sample. */
  readonly #block: CountBlock = { start: 0, k: 0, n: 0, mu0: 0, mu1: 0, shape: 1 };

  learning(row: number, against?: Gates["against"]): boolean {
    if (against === "anchor") return !referenceKnown(this.rows.data[row * STRIDE + AGE]!);
    return !mature(this.rows.data, row * STRIDE, FEWEST_EVENTS);
  }

  readiness(row: number, against?: Gates["against"]): Readiness {
    if (against === "anchor")
      return { seconds: referenceIn(this.rows.data[row * STRIDE + AGE]!), scrapes: 0, events: 0 };
    return lacking(this.rows.data, row * STRIDE, FEWEST_EVENTS);
  }

  /** How bursty a sibling's traffic is; how much of it there is says nothing about another version's or server's. */
  inherit(row: number, sibling: Float64Array): void {
    for (let w = 0; w < WINDOWS.length; w++)
      inheritShape(this.rows.data, windowCell(row * STRIDE, w) + SHAPE, sibling, windowCell(0, w) + SHAPE);
  }

  advance(row: number, reading: Reading): number {
    const data = this.rows.data;
    const base = row * STRIDE;
    const { at, seconds, numerator } = reading;
    data[base + LAST] = at;
    this.expect(row, at);
    if (at < data[base + GRACE]!) return this.#pause(base, reading);
    let score = 0;
    for (let w = 0; w < WINDOWS.length; w++) {
      const cell = windowCell(base, w);
      if (begins(data[base + FULL]!, w, data[cell + START]!, reading, WINDOWS[w]!)) {
        if (data[base + ALARM]! > 0) this.#end(base, w);
        data[cell + START] = at - seconds * 1000;
        data[cell + K] = numerator;
        data[cell + SECONDS] = seconds;
      } else {
        data[cell + K]! += numerator;
        data[cell + SECONDS]! += seconds;
      }
      data[base + FULL] = filled(data[base + FULL]!, w, spanOf(data[cell + START]!, reading), WINDOWS[w]!);
      if (w === DROP && isFull(data[base + FULL]!, DROP)) this.#weighDrop(base);
      const usual = data[base + EXPECTED]! * data[cell + SECONDS]! * data[base + RUSH]! + SLACK;
      data[cell + EVIDENCE] = 0;
      if (data[cell + K]! <= usual) continue;
      const scale = scaleOf(data, base, w);
      const weights = windowCell(base, scale);
      const bare = quickUpperEvidence(data[cell + K]!, usual, shapeOf(data, weights + SHAPE));
      data[cell + EVIDENCE] = calibrated(bare, data[weights + EXCESS]!);
      score = Math.max(score, data[cell + EVIDENCE]! / THRESHOLDS[scale]!);
    }
    if (isFull(data[base + FULL]!, BLOCK)) this.#sum(row, at);
    return this.learning(row) ? 0 : score;
  }

  judge(row: number, gates: Gates, raise: number): number {
    if (this.learning(row)) return 0;
    const best = bestTest(this.rows.data, row * STRIDE, gates, raise);
    return best < 0 ? 0 : scoreOf(this.rows.data, row * STRIDE, best, gates, raise);
  }

  learn(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    age(data, base, reading.seconds, reading.numerator);
    data[base + HOT_K] = 0;
    data[base + HOT_MU] = 0;
    if (reading.at < data[base + GRACE]!) return;
    this.learnYoung(base, reading);
    if (this.#teach(base)) {
      learnCountCusum(data, base + SUM, this.#blockOf(base));
      this.learnBlock(row, reading.at);
    }
    this.#measure(row, reading);
  }

  distrust(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    age(data, base, reading.seconds, reading.numerator);
    data[base + TAINTED] = reading.at;
    data[base + HOT_K]! += reading.numerator;
    data[base + HOT_MU]! += data[base + EXPECTED]! * reading.seconds;
    this.#measure(row, reading);
  }

  alarm(row: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    let most = 0;
    for (let w = 0; w < WINDOWS.length; w++) {
      const cell = windowCell(base, w);
      if (data[cell + SECONDS]! > 0 && data[cell + EVIDENCE]! >= THRESHOLDS[scaleOf(data, base, w)]!)
        most = Math.max(most, data[cell + K]! / data[cell + SECONDS]!);
    }
    const bySum = cusumEvidence(data, base + SUM) >= SUM_THRESHOLD ? BY_SUM : 0;
    data[base + ALARM] = most > 0 ? most : bySum;
    data[base + BEGAN] = data[base + LAST]! - spacingOf(data, base) * 1000;
    data[base + REVERSE] = 0;
    data[base + BUSIEST] = Number.POSITIVE_INFINITY;
  }

  calm(row: number): void {
    this.rows.data[row * STRIDE + ALARM] = 0;
    this.cut(row);
  }

  cut(row: number): void {
    emptyWindows(this.rows.data, row * STRIDE);
    emptyCountCusum(this.rows.data, row * STRIDE + SUM);
  }

  settle(row: number, at: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    data[base + GRACE] = at + GRACE_SECONDS * 1000;
    this.restart(row, at);
    this.calm(row);
  }

  adopt(row: number): void {
    this.adoptLevel(row * STRIDE);
    this.calm(row);
  }

  explain(row: number, gates: Gates, raise: number): Explanation {
    const data = this.rows.data;
    const base = row * STRIDE;
    const best = this.learning(row) ? -1 : bestTest(data, base, gates, raise);
    const silent = gates.against === "anchor" ? CREEP_TEST : gates.direction === "down" ? DROP_TEST : DROP;
    const expected = this.learning(row) ? undefined : this.expected(row, data[base + LAST]!);
    return explainRate(data, base, best < 0 ? silent : best, { gates, raise, expected, slack: SLACK });
  }

  /** A drop needs its whole window, a minute without requests, and holds until the next one is whole. */
  #weighDrop(base: number): void {
    const data = this.rows.data;
    const cell = windowCell(base, DROP);
    const mu = data[base + EXPECTED]! * data[cell + SECONDS]!;
    data[base + FALLEN_K] = data[cell + K]!;
    data[base + FALLEN_SECONDS] = data[cell + SECONDS]!;
    data[base + FALLEN_MU] = mu;
    data[base + FALLEN] = lowerEvidence(data[cell + K]!, mu + SLACK, shapeOf(data, cell + SHAPE));
  }

  /** A reading while nothing is judged: windows begin with it, and stay empty. */
  #pause(base: number, reading: Reading): number {
    const data = this.rows.data;
    emptyWindows(data, base);
    // What is not counted is no part of a window either; the first one says how long a reading is.
    for (let w = 1; w < WINDOWS.length; w++) data[windowCell(base, w) + START] = reading.at;
    data[windowCell(base, 0) + START] = reading.at - reading.seconds * 1000;
    return 0;
  }

  /** What full windows teach of over-dispersion and calibration. @returns whether the block is one that teaches */
  #teach(base: number): boolean {
    const data = this.rows.data;
    let block = false;
    for (let w = 0; w < WINDOWS.length; w++) {
      const cell = windowCell(base, w);
      if (!isFull(data[base + FULL]!, w) || data[cell + START]! < data[base + TAINTED]!) continue;
      block = w === BLOCK;
      if (this.outgrown(base)) continue;
      const excess = data[cell + EXCESS]!;
      data[cell + EXCESS] = learnExcess(excess, uncalibrated(data[cell + EVIDENCE]!, excess));
      learnShape(data, cell + SHAPE, data[cell + K]!, this.#usual(base, cell));
    }
    return block;
  }

  /** A full block goes into the sum, and while an alarm is the sum's, into the evidence that it is over. */
  #sum(row: number, at: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    if (!this.armed(row, at)) return;
    const step = accumulateCount(data, base + SUM, this.#blockOf(base));
    if (data[base + ALARM] !== BY_SUM) return;
    if (normalAgain(data, base + REVERSE, -step)) this.calm(row);
  }

  /** The block of five minutes as the sum sees it. */
  #blockOf(base: number): CountBlock {
    const data = this.rows.data;
    const cell = windowCell(base, BLOCK);
    const block = this.#block;
    block.start = data[cell + START]!;
    block.k = data[cell + K]!;
    block.n = this.#usual(base, cell);
    block.mu0 = block.n + SLACK;
    block.mu1 = SUM_TIMES * block.mu0;
    block.shape = shapeOf(data, cell + SHAPE);
    return block;
  }

  /** What is expected of a window that saw so much: within an hour's usual rush nothing is surprising. */
  #usual(base: number, cell: number): number {
    const data = this.rows.data;
    const mu = data[base + EXPECTED]! * data[cell + SECONDS]!;
    return Math.max(mu, Math.min(data[cell + K]!, mu * data[base + RUSH]!));
  }

  #measure(row: number, reading: Reading): void {
    if (isFull(this.rows.data[row * STRIDE + FULL]!, BLOCK)) this.measureRush(row, reading.at);
  }

  /** A window of 20 s or more, none of it from before the alarm, that lies nearer to the expected rate than to the alarm's ends it. */
  #end(base: number, w: number): void {
    const data = this.rows.data;
    const cell = windowCell(base, w);
    const alarm = data[base + ALARM]!;
    if (alarm <= 0 || WINDOWS[w]! < 20 || data[cell + SECONDS] === 0) return;
    if (data[cell + START]! < data[base + BEGAN]!) return;
    const between = Math.sqrt(Math.max(data[base + EXPECTED]!, 0.01) * alarm);
    if (data[cell + K]! / data[cell + SECONDS]! < between) this.calm(base / STRIDE);
  }
}
