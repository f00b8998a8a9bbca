import type { Reading } from "../series/reading.ts";
import { Bank } from "./bank.ts";
import type { Detector, DetectorOptions, DetectorTest, Explanation, Gates, Held, Readiness } from "./detector.ts";
import { age, GRACE, lacking, MATURITY_CELLS, mature } from "./maturity.ts";
import { upperBound, upperEvidence } from "./tails.ts";

/** No queue is expected to be shorter than this. */
const FLOOR = 1;
/** Queues are bursty: squared coefficient of variation 2. */
const SHAPE = 0.5;
const THRESHOLD = 9;
/** Two of the last three looks must be long: one long look is a burst that the next scrape no longer sees. */
const LOOKS = 3;
const GRACE_SECONDS = 30;
/** What explanations call the test. */
const NAME = "two of three scrapes";

/** What an export for Prometheus repeats. */
export const BACKLOG = { floor: FLOOR, cv2: 1 / SHAPE, threshold: THRESHOLD } as const;

const LEVEL = MATURITY_CELLS;
const LEARNED = LEVEL + 1;
const NEXT = LEVEL + 2;
const HOT = LEVEL + 3;
const HOT_SECONDS = LEVEL + 4;
/** The last looks; 0 while nothing is judged. */
const VALUE = LEVEL + 5;
const STRIDE = VALUE + LOOKS;

const TESTS: readonly DetectorTest[] = [{ name: NAME, window: 0, threshold: THRESHOLD }];

/** The length of a queue, judged as a negative-binomial count around its learned mean. */
export class Backlog extends Bank implements Detector {
  readonly #tau: number;

  constructor(options: DetectorOptions) {
    super(STRIDE);
    this.#tau = options.halfLife / Math.LN2;
  }

  tests({ against, direction }: Held): readonly DetectorTest[] {
    return against === "anchor" || direction === "down" ? [] : TESTS;
  }

  learning(row: number): boolean {
    return !mature(this.rows.data, row * STRIDE, 0);
  }

  readiness(row: number): Readiness {
    return lacking(this.rows.data, row * STRIDE, 0);
  }

  inherit(_row: number, _sibling: Float64Array): void {}

  advance(row: number, reading: Reading): number {
    const data = this.rows.data;
    const base = row * STRIDE;
    const value = reading.numerator / reading.denominator;
    const look = data[base + NEXT]!;
    data[base + NEXT] = (look + 1) % LOOKS;
    data[base + VALUE + look] = reading.at < data[base + GRACE]! ? 0 : value;
    // One long look fires nothing, but it must not teach either.
    return this.learning(row) ? 0 : this.#evidence(base, data[base + VALUE + look]!) / THRESHOLD;
  }

  judge(row: number, gates: Gates, raise: number): number {
    if (gates.against === "anchor") return 0;
    const base = row * STRIDE;
    const value = this.#second(base);
    if (this.learning(row) || gates.direction === "down") return 0;
    if (value < gates.minimum || value <= gates.above || value <= gates.times * this.#expected(base)) return 0;
    return this.#evidence(base, value) / (THRESHOLD + raise);
  }

  learn(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    const seconds = Math.max(reading.seconds, 1);
    age(data, base, reading.seconds, 1);
    data[base + HOT] = 0;
    data[base + HOT_SECONDS] = 0;
    data[base + LEARNED] = Math.min(data[base + LEARNED]! + seconds, this.#tau);
    data[base + LEVEL]! +=
      (seconds / data[base + LEARNED]!) * (reading.numerator / reading.denominator - data[base + LEVEL]!);
  }

  distrust(row: number, reading: Reading): void {
    const base = row * STRIDE;
    age(this.rows.data, base, reading.seconds, 1);
    this.rows.data[base + HOT]! += (reading.numerator / reading.denominator) * reading.seconds;
    this.rows.data[base + HOT_SECONDS]! += reading.seconds;
  }

  alarm(): void {}

  calm(row: number): void {
    this.cut(row);
  }

  cut(row: number): void {
    this.rows.data.fill(0, row * STRIDE + VALUE, row * STRIDE + VALUE + LOOKS);
  }

  settle(row: number, at: number): void {
    this.rows.data[row * STRIDE + GRACE] = at + GRACE_SECONDS * 1000;
    this.cut(row);
  }

  adopt(row: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    if (data[base + HOT_SECONDS]! > 0) data[base + LEVEL] = data[base + HOT]! / data[base + HOT_SECONDS]!;
    this.cut(row);
  }

  explain(row: number, gates: Gates, raise: number): Explanation {
    const base = row * STRIDE;
    const expected = this.#expected(base);
    const value = this.#second(base);
    return {
      test: NAME,
      window: 0,
      numerator: value,
      denominator: 1,
      observed: value,
      expected: this.learning(row) ? undefined : this.rows.data[base + LEVEL]!,
      lower: 0,
      upper: this.learning(row)
        ? undefined
        : Math.max(
            upperBound(expected, SHAPE, THRESHOLD + raise),
            gates.above,
            gates.times * expected,
            // As many as the minimum do fire.
            Math.ceil(gates.minimum) - 1,
          ),
      evidence: this.#evidence(base, value),
      threshold: THRESHOLD + raise,
    };
  }

  #expected(base: number): number {
    return Math.max(FLOOR, this.rows.data[base + LEVEL]!);
  }

  #evidence(base: number, value: number): number {
    return upperEvidence(value, this.#expected(base), SHAPE);
  }

  /** The second largest of the last three looks. */
  #second(base: number): number {
    const data = this.rows.data;
    const a = data[base + VALUE]!;
    const b = data[base + VALUE + 1]!;
    const c = data[base + VALUE + 2]!;
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
