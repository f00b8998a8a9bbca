import type { Reading } from "../series/reading.ts";
import { Bank } from "./bank.ts";
import { calibrated, learnExcess, uncalibrated } from "./calibration.ts";
import type { Detector, DetectorOptions, Explanation, Gates, Readiness } from "./detector.ts";
import { AGE, age, EVENTS, GRACE, lacking, MATURITY_CELLS, mature } from "./maturity.ts";
import { adoptBase, BASE_CELLS, cautious, dropQueue, FLOOR, initBase, queue, ratioOf } from "./ratio-base.ts";
import { initShape, learnShape, SHAPE_CELLS, shapeOf } from "./shape.ts";
import { upperBound, upperEvidence } from "./tails.ts";
import { complete, completedScale, ended, START } from "./windows.ts";

/** Lengths of the windows in seconds; the first is one scrape, however long. Full or not, each is looked at on every scrape. */
const WINDOWS = [0, 5, 20, 60, 300] as const;
/** Evidence in nats at which a window fires: e^−12 ≈ 1 in 160,000. */
const THRESHOLD = 12;
/** Requests that taught before the ratio counts as learned. */
const FEWEST_REQUESTS = 200;
/** Seconds without judgement after a restart. */
const GRACE_SECONDS = 30;
/** Nats in favour of "normal again" that end an alarm. */
const EXIT = 3;
const DAY = 86_400;

const BASE = MATURITY_CELLS;
const ALARM = BASE + BASE_CELLS;
const REVERSE = ALARM + 1;
const HOT_BAD = ALARM + 2;
const HOT_TOTAL = ALARM + 3;
const FIRST_WINDOW = ALARM + 4;
const WINDOW_CELLS = 6 + SHAPE_CELLS;
const K = 1;
const N = 2;
const EVIDENCE = 3;
/** Which window's shape and excess the evidence was weighed with. */
const SCALE = 4;
const EXCESS = 5;
const SHAPE = 6;
const STRIDE = FIRST_WINDOW + WINDOWS.length * WINDOW_CELLS;

/**
 * An error ratio judged as counts: k bad of n. The base is a Gamma posterior (bad events per request) that is forgotten
 * slowly; a window fires when its k is too many for a negative binomial around the base. One error in four requests is not
 * 25 %: it is one event.
 */
export class CountsRatio extends Bank implements Detector {
  readonly #forget: number;

  constructor(options: DetectorOptions) {
    super(STRIDE, initial);
    this.#forget = options.halfLife / Math.LN2;
  }

  learning(row: number): boolean {
    return !mature(this.rows.data, row * STRIDE, FEWEST_REQUESTS);
  }

  readiness(row: number): Readiness {
    return lacking(this.rows.data, row * STRIDE, FEWEST_REQUESTS);
  }

  inherit(_row: number, _sibling: Float64Array): void {}

  advance(row: number, reading: Reading): number {
    const data = this.rows.data;
    const base = row * STRIDE;
    const expected = cautious(data, base + BASE);
    const quiet = reading.at < data[base + GRACE]!;
    let score = 0;
    for (let w = 0; w < WINDOWS.length; w++) {
      const cell = windowCell(base, w);
      if (quiet || ended(data[cell + START]!, reading, WINDOWS[w]!)) {
        data[cell + START] = reading.at - reading.seconds * 1000;
        data[cell + K] = 0;
        data[cell + N] = 0;
      }
      if (!quiet) {
        data[cell + K]! += reading.numerator;
        data[cell + N]! += reading.denominator;
      }
      data[cell + SCALE] = completedScale(data[cell + START]!, reading, WINDOWS, w);
      const scale = windowCell(base, data[cell + SCALE]!);
      const bare = upperEvidence(data[cell + K]!, data[cell + N]! * expected, shapeOf(data, scale + SHAPE));
      const evidence = calibrated(bare, data[scale + EXCESS]!);
      data[cell + EVIDENCE] = evidence;
      score = Math.max(score, evidence / THRESHOLD);
    }
    if (data[base + ALARM]! > 0) this.#reverse(row, reading, expected);
    return score;
  }

  judge(row: number, gates: Gates, raise: number): number {
    if (gates.against === "anchor") return 0;
    const best = this.#best(row, gates);
    return best < 0 ? 0 : (this.#score(row, best, gates) * THRESHOLD) / (THRESHOLD + raise);
  }

  learn(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    age(data, base, reading.seconds, 0);
    if (reading.at < data[base + GRACE]!) return;
    data[base + HOT_BAD] = 0;
    data[base + HOT_TOTAL] = 0;
    for (let w = 0; w < WINDOWS.length; w++) {
      const cell = windowCell(base, w);
      if (!complete(data[cell + START]!, reading, WINDOWS[w]!)) continue;
      data[cell + EXCESS] = learnExcess(
        data[cell + EXCESS]!,
        uncalibrated(data[cell + EVIDENCE]!, data[cell + EXCESS]!),
      );
      learnShape(data, cell + SHAPE, data[cell + K]!, data[cell + N]! * ratioOf(data, base + BASE));
    }
    data[base + EVENTS]! += queue(data, base + BASE, reading, this.#forget, data[base + AGE]! < DAY);
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
    const data = this.rows.data;
    const base = row * STRIDE;
    let loudest = windowCell(base, 0);
    for (let w = 1; w < WINDOWS.length; w++) {
      const cell = windowCell(base, w);
      if (data[cell + EVIDENCE]! > data[loudest + EVIDENCE]!) loudest = cell;
    }
    data[base + ALARM] = data[loudest + K]! / Math.max(1, data[loudest + N]!);
    data[base + REVERSE] = 0;
  }

  calm(row: number): void {
    const base = row * STRIDE;
    this.rows.data[base + ALARM] = 0;
    this.cut(row);
  }

  cut(row: number): void {
    for (let w = 0; w < WINDOWS.length; w++) {
      const cell = windowCell(row * STRIDE, w);
      this.rows.data.fill(0, cell + START, cell + EVIDENCE + 1);
    }
  }

  settle(row: number, at: number): void {
    this.rows.data[row * STRIDE + GRACE] = at + GRACE_SECONDS * 1000;
    this.calm(row);
  }

  adopt(row: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    adoptBase(data, base + BASE, data[base + HOT_BAD]!, data[base + HOT_TOTAL]!);
    this.calm(row);
  }

  explain(row: number, gates: Gates, raise: number): Explanation {
    const data = this.rows.data;
    const base = row * STRIDE;
    const best = this.#best(row, gates);
    const w = best < 0 ? WINDOWS.indexOf(60) : best;
    const cell = windowCell(base, w);
    const n = data[cell + N]!;
    const expected = cautious(data, base + BASE);
    const threshold = (THRESHOLD + raise) * (this.learning(row) ? gates.widen : 1);
    const above = this.learning(row) ? Math.max(gates.above, gates.learningAbove) : gates.above;
    const surprising = n > 0 ? bound(data, base, cell, n * expected, threshold) / n : undefined;
    // A window that is only the newest scrape says so, whatever its length.
    const first = windowCell(base, 0);
    const single = n === data[first + N] && data[cell + K] === data[first + K];
    const least = n > 0 ? gates.minimum / n : 0;
    return {
      test: single ? "one scrape" : `${WINDOWS[w]}s window`,
      window: single ? 0 : WINDOWS[w]!,
      numerator: data[cell + K]!,
      denominator: n,
      observed: n > 0 ? data[cell + K]! / n : 0,
      expected: ratioOf(data, base + BASE),
      lower: 0,
      upper: surprising === undefined ? undefined : Math.max(surprising, above, gates.times * expected, least),
      evidence: data[cell + EVIDENCE]!,
      threshold,
    };
  }

  /** Evidence that the ratio is what the base says and no longer what it was when the alarm began. */
  #reverse(row: number, reading: Reading, expected: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    const then = Math.max(data[base + ALARM]!, 2 * expected);
    const towards = reading.denominator * (then - expected) - reading.numerator * Math.log(then / expected);
    data[base + REVERSE] = Math.max(0, data[base + REVERSE]! + towards);
    if (data[base + REVERSE]! > EXIT) this.calm(row);
  }

  /** The window that scores highest under a rule's conditions; −1 where none meets them. */
  #best(row: number, gates: Gates): number {
    let best = -1;
    for (let w = 0; w < WINDOWS.length; w++) {
      if (this.#score(row, w, gates) > (best < 0 ? 0 : this.#score(row, best, gates))) best = w;
    }
    return best;
  }

  #score(row: number, w: number, gates: Gates): number {
    const data = this.rows.data;
    const base = row * STRIDE;
    const cell = windowCell(base, w);
    const k = data[cell + K]!;
    const n = data[cell + N]!;
    const above = this.learning(row) ? Math.max(gates.above, gates.learningAbove) : gates.above;
    if (k < gates.minimum || k <= above * n || k <= gates.times * n * Math.max(FLOOR, ratioOf(data, base + BASE)))
      return 0;
    return data[cell + EVIDENCE]! / (THRESHOLD * (this.learning(row) ? gates.widen : 1));
  }
}

const windowCell = (base: number, w: number): number => base + FIRST_WINDOW + w * WINDOW_CELLS;

/** The count at which a window reaches a threshold of calibrated evidence. */
function bound(data: Float64Array, base: number, cell: number, mu: number, threshold: number): number {
  const scale = windowCell(base, data[cell + SCALE]!);
  return upperBound(mu, shapeOf(data, scale + SHAPE), uncalibrated(threshold, data[scale + EXCESS]!));
}

/** Writes what is not 0 in a new row. */
function initial(data: Float64Array, base: number): void {
  initBase(data, base + BASE);
  for (let w = 0; w < WINDOWS.length; w++) {
    data[windowCell(base, w) + EXCESS] = 1;
    initShape(data, windowCell(base, w) + SHAPE, w === 0 ? 0.5 : 0.25);
  }
}
