import type { Reading } from "../series/reading.ts";
import { Bank } from "./bank.ts";
import { calibrated, learnExcess, uncalibrated } from "./calibration.ts";
import type { Detector, DetectorOptions, Explanation, Gates, Readiness } from "./detector.ts";
import { AGE, age, EVENTS, GRACE, lacking, mature } from "./maturity.ts";
import { beginAlarm, burstAlarm, towardsNormal } from "./ratio-alarm.ts";
import {
  adoptBase,
  anchorOf,
  cautious,
  dropQueue,
  inheritBase,
  type Pace,
  queue,
  ratioOf,
  untilTaught,
} from "./ratio-base.ts";
import { explainCreep, explainSum, explainWindow } from "./ratio-explain.ts";
import { acknowledgeReference, followReference, recallReference, referenceIn } from "./ratio-reference.ts";
import {
  ALARM,
  BASE,
  BLOCK,
  COLD,
  EVIDENCE,
  EXCESS,
  EXPECTED,
  emptyWindows,
  FULL,
  HOT_BAD,
  HOT_TOTAL,
  initialRow,
  K,
  LAST,
  N,
  REFERENCE,
  REVERSE,
  SCALE,
  SETTLED,
  SHAPE,
  STRIDE,
  SUMS,
  THRESHOLDS,
  WINDOWS,
  windowCell,
} from "./ratio-row.ts";
import { barOf, bestTest, CREEP_TEST, FIRST_SUM_TEST, scoreOf, testsOf } from "./ratio-score.ts";
import { emptySums, frozen, RatioSums } from "./ratio-sums.ts";
import { normalAgain } from "./reverse-cusum.ts";
import { learnShape, shapeOf } from "./shape.ts";
import { quickUpperEvidence } from "./tails.ts";
import { begins, completedScale, filled, isFull, START, spanOf } from "./windows.ts";

/** Requests that taught before the ratio counts as learned. */
export const FEWEST_REQUESTS = 200;
/** Seconds without judgement after a restart, and seconds after it in which the first requests may fail more often. */
const GRACE_SECONDS = 30;
const COLD_SECONDS = 180;
/** So soon after the last restart another one brings neither: who can make a server restart again and again must not hide in it. */
const SETTLE_AGAIN = 600;
/** What a cold server may fail: three times its ratio and two in a thousand. */
const COLD_TIMES = 3;
const COLD_PLUS = 0.002;
/** Until this age no more than this is believed of a row: who fails more from birth on is still being learned. */
const NEWBORN = 3_600;
const NEWBORN_MOST = 0.02;

/**
 * An error ratio judged as counts: k bad of n. The base is a Gamma posterior (bad events per request) that is forgotten
 * slowly; a window fires when its k is too many for a negative binomial around the base, a CUSUM over blocks of five minutes
 * when they are a little too many for long. One error in four requests is not 25 %: it is one event.
 */
export class CountsRatio extends Bank implements Detector {
  readonly tests = testsOf;
  readonly #sums = new RatioSums();
  /** What the base is told; one object for all rows, so that none is made per sample. */
  readonly #pace: Pace;

  constructor(options: DetectorOptions) {
    super(STRIDE, initialRow);
    this.#pace = { forget: options.halfLife / Math.LN2, age: 0, shape: 1 };
  }

  learning(row: number, against?: Gates["against"]): boolean {
    const data = this.rows.data;
    const base = row * STRIDE;
    if (against === "anchor") return referenceIn(data, base + REFERENCE, data[base + AGE]!) > 0;
    return !mature(data, base, FEWEST_REQUESTS) || excessive(data, base);
  }

  readiness(row: number, against?: Gates["against"]): Readiness {
    const data = this.rows.data;
    const base = row * STRIDE;
    const age = data[base + AGE]!;
    if (against === "anchor") return { seconds: referenceIn(data, base + REFERENCE, age), scrapes: 0, events: 0 };
    const { seconds, scrapes, events } = lacking(data, base, FEWEST_REQUESTS);
    const taught = untilTaught(data, base + BASE, events, data[base + LAST]!, age);
    const newborn = excessive(data, base) ? NEWBORN - age : 0;
    return { seconds: Math.max(seconds, taught.seconds, newborn), scrapes, events: taught.events };
  }

  inherit(row: number, sibling: Float64Array): void {
    inheritBase(this.rows.data, row * STRIDE + BASE, sibling, BASE);
  }

  advance(row: number, reading: Reading): number {
    const data = this.rows.data;
    const base = row * STRIDE;
    const quiet = reading.at < data[base + GRACE]!;
    const cold = reading.at < data[base + COLD]!;
    // What was counted while cold is held against another ratio than what comes after.
    if (!cold && reading.at - reading.seconds * 1000 < data[base + COLD]!) emptyWindows(data, base);
    const normal = excessive(data, base) ? NEWBORN_MOST : cautious(data, base + BASE);
    const expected = cold ? COLD_TIMES * normal + COLD_PLUS : normal;
    data[base + EXPECTED] = expected;
    data[base + LAST] = reading.at;
    let score = 0;
    let full = data[base + FULL]!;
    for (let w = 0; w < WINDOWS.length; w++) {
      const cell = windowCell(base, w);
      if (quiet || begins(full, w, data[cell + START]!, reading, WINDOWS[w]!)) {
        // What is not counted is no part of a window either.
        data[cell + START] = quiet ? reading.at : reading.at - reading.seconds * 1000;
        data[cell + K] = 0;
        data[cell + N] = 0;
      }
      if (!quiet) {
        data[cell + K]! += reading.numerator;
        data[cell + N]! += reading.denominator;
      }
      const spanned = spanOf(data[cell + START]!, reading);
      full = filled(full, w, spanned, WINDOWS[w]!);
      const longest = completedScale(spanned, WINDOWS, w);
      data[cell + SCALE] = longest;
      const scale = windowCell(base, longest);
      const bare = quickUpperEvidence(data[cell + K]!, data[cell + N]! * expected, shapeOf(data, scale + SHAPE));
      const evidence = calibrated(bare, data[scale + EXCESS]!);
      data[cell + EVIDENCE] = evidence;
      score = Math.max(score, evidence / THRESHOLDS[longest]!);
    }
    data[base + FULL] = full;
    let over = burstAlarm(data, base) && normalAgain(data, base + REVERSE, towardsNormal(data, base, reading));
    for (let s = 0; s < SUMS.length && !quiet; s++) {
      const { window } = SUMS[s]!;
      if (!isFull(data[base + FULL]!, window)) continue;
      if (normalAgain(data, base + REVERSE, this.#sums.advance(data, base, s))) over = true;
    }
    if (over) this.calm(row);
    return score;
  }

  judge(row: number, gates: Gates, raise: number): number {
    const base = row * STRIDE;
    const learning = this.learning(row);
    const best = bestTest(this.rows.data, base, gates, learning, raise);
    return best < 0 ? 0 : scoreOf(this.rows.data, base, best, gates, learning, raise);
  }

  learn(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    age(data, base, reading.seconds, 0);
    const held = anchorOf(data, base + BASE, data[base + AGE]!);
    followReference(data, base + REFERENCE, reading, data[base + AGE]!, held);
    if (reading.at < data[base + COLD]!) return;
    data[base + HOT_BAD] = 0;
    data[base + HOT_TOTAL] = 0;
    // Around a ratio that is not known yet everything looks over-dispersed.
    if (!this.learning(row)) this.#learnNoise(base);
    if (frozen(data, base, reading.seconds)) dropQueue(data, base + BASE);
    else data[base + EVENTS]! += queue(data, base + BASE, reading, this.#paceOf(base));
  }

  distrust(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    age(data, base, reading.seconds, 0);
    dropQueue(data, base + BASE);
    data[base + HOT_BAD]! += reading.numerator;
    data[base + HOT_TOTAL]! += reading.denominator;
  }

  alarm(row: number): void {
    beginAlarm(this.rows.data, row * STRIDE);
  }

  calm(row: number): void {
    this.rows.data[row * STRIDE + ALARM] = 0;
    this.rows.data[row * STRIDE + REVERSE] = 0;
    this.cut(row);
  }

  cut(row: number): void {
    emptyWindows(this.rows.data, row * STRIDE);
    emptySums(this.rows.data, row * STRIDE);
  }

  settle(row: number, at: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    const last = data[base + SETTLED]!;
    data[base + SETTLED] = at;
    if (last > 0 && at - last < SETTLE_AGAIN * 1000) return;
    data[base + GRACE] = at + GRACE_SECONDS * 1000;
    data[base + COLD] = at + COLD_SECONDS * 1000;
    this.calm(row);
  }

  adopt(row: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    adoptBase(data, base + BASE, data[base + HOT_BAD]!, data[base + HOT_TOTAL]!);
    this.calm(row);
  }

  override acknowledge(row: number): Float64Array {
    return acknowledgeReference(this.rows.data, row * STRIDE + REFERENCE);
  }

  override recall(row: number, reference: Float64Array): void {
    recallReference(this.rows.data, row * STRIDE + REFERENCE, reference);
  }

  explain(row: number, gates: Gates, raise: number): Explanation {
    const data = this.rows.data;
    const base = row * STRIDE;
    const learning = this.learning(row);
    const best = bestTest(data, base, gates, learning, raise);
    const silent = gates.against === "anchor" ? CREEP_TEST : WINDOWS.indexOf(60);
    const test = best < 0 ? silent : best;
    const bar = barOf(data, base, test, gates, learning, raise);
    if (test === CREEP_TEST) return explainCreep(data, base, bar);
    if (test < FIRST_SUM_TEST) return explainWindow(data, base, test, bar);
    const s = test - FIRST_SUM_TEST;
    return explainSum(data, base, s, this.#sums.average(data, base, s), bar);
  }

  /** What full windows say of the noise: how over-dispersed counts are, and how far evidence goes when all is well. */
  #learnNoise(base: number): void {
    const data = this.rows.data;
    for (let w = 0; w < WINDOWS.length; w++) {
      const cell = windowCell(base, w);
      if (!isFull(data[base + FULL]!, w)) continue;
      data[cell + EXCESS] = learnExcess(
        data[cell + EXCESS]!,
        uncalibrated(data[cell + EVIDENCE]!, data[cell + EXCESS]!),
      );
      learnShape(data, cell + SHAPE, data[cell + K]!, data[cell + N]! * ratioOf(data, base + BASE));
      for (let s = 0; s < SUMS.length; s++) if (SUMS[s]!.window === w) this.#sums.learn(data, base, s);
    }
  }

  #paceOf(base: number): Pace {
    const pace = this.#pace;
    pace.age = this.rows.data[base + AGE]!;
    pace.shape = shapeOf(this.rows.data, windowCell(base, BLOCK) + SHAPE);
    return pace;
  }
}

/** Whether a newborn fails more than is believed of one. */
const excessive = (data: Float64Array, base: number): boolean =>
  data[base + AGE]! < NEWBORN && cautious(data, base + BASE) > NEWBORN_MOST;
