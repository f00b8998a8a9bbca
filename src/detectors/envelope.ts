import type { Reading } from "../series/reading.ts";
import { SeasonalBank } from "./bank.ts";
import type { Detector, DetectorOptions, DetectorTest, Explanation, Gates, Held, Readiness } from "./detector.ts";
import {
  adoptHot,
  clearViews,
  cutFast,
  edgeOf,
  loudestOf,
  noteHot,
  ABOVE as OUT_ABOVE,
  BELOW as OUT_BELOW,
  SLOW_MEAN,
  show,
  teach,
  VIEW_CELLS,
} from "./envelope-views.ts";

/** Values are taken over blocks: so many seconds, and where events are counted so many of them, or the longest time with any. */
const BLOCK_SECONDS = 15;
const BLOCK_EVENTS = 20;
const LONGEST_BLOCK = 300;
/** An envelope is worth 1 − e^−n of what it will be worth: n is its age over these, of whichever it has less. */
const YOUNG_SECONDS = 43_200;
const YOUNG_BLOCKS = 600;
const GROWN = 10;
/** The sum of all views that fires. A single view reaches it one width outside of its envelope. */
const BOUNDARY = 0.5;
/**
 * Evidence of a sum, as measured on the Numenta corpus: at the boundary one look in e^11.2 is a false positive, and they get
 * e-fold fewer with each eighth more. So a raise of one nat lifts the boundary by an eighth.
 */
const NATS_AT_BOUNDARY = 11.2;
const NATS_PER_UNIT = 8;
const GRACE_SECONDS = 180;
const DAY = 86_400;

const TESTS: readonly DetectorTest[] = [{ window: BLOCK_SECONDS, threshold: NATS_AT_BOUNDARY }];

const SUM = 0;
const COUNT = 1;
const LENGTH = 2;
const FRESH = 3;
/** The block looked at last: what it was made of, its value, how far it lay above and below the envelopes, and since when. */
const NUMERATOR = 4;
const DENOMINATOR = 5;
const SECONDS = 6;
const LAST = 7;
const ABOVE = 8;
const BELOW = 9;
const SINCE = 10;
/** What was learned, and what that is worth. */
const BLOCKS = 11;
const LEARNED = 12;
const CONFIDENCE = 13;
/** Epoch milliseconds until which nothing is judged. */
const GRACE = 14;
const VIEWS = 15;
const STRIDE = VIEWS + VIEW_CELLS;

/**
 * Anything whose distribution nobody knows: how far a value lies outside of all that was seen, in four views of it
 * (EnvelopeMix: Σ z / (1 + z) · (1 − e^−n), z in widths of each view's decaying envelope).
 */
export class Envelope extends SeasonalBank implements Detector {
  readonly #kind: "ratio" | "rate" | "mean" | "level";
  readonly #options: DetectorOptions;

  constructor(kind: "ratio" | "rate" | "mean" | "level", options: DetectorOptions) {
    super(STRIDE, (data, base) => clearViews(data, base + VIEWS), options.offset);
    this.#kind = kind;
    this.#options = options;
  }

  tests({ against }: Held): readonly DetectorTest[] {
    return against === "anchor" ? [] : TESTS;
  }

  /** Until a single view could fire by itself. */
  learning(row: number): boolean {
    return this.rows.data[row * STRIDE + CONFIDENCE]! < BOUNDARY;
  }

  readiness(row: number): Readiness {
    const base = row * STRIDE;
    const ages = -Math.log(1 - BOUNDARY);
    return {
      seconds: Math.max(0, ages * YOUNG_SECONDS - this.rows.data[base + LEARNED]!),
      scrapes: 0,
      events: Math.max(0, Math.ceil(ages * YOUNG_BLOCKS) - this.rows.data[base + BLOCKS]!),
    };
  }

  /** Nothing: what an unknown quantity was of another version says little of this one. */
  inherit(): void {}

  advance(row: number, reading: Reading): number {
    const data = this.rows.data;
    const base = row * STRIDE;
    const level = this.#kind === "level";
    const seconds = Math.max(reading.seconds, 1e-3);
    data[base + FRESH] = 0;
    data[base + SUM]! += level ? (reading.numerator / reading.denominator) * seconds : reading.numerator;
    data[base + COUNT]! += level ? seconds : reading.denominator;
    data[base + LENGTH]! += seconds;
    if (this.#isFull(base, seconds)) this.#endBlock(row, reading.at);
    if (this.learning(row)) return 0;
    return (data[base + ABOVE]! + data[base + BELOW]!) / BOUNDARY;
  }

  judge(row: number, gates: Gates, raise: number): number {
    const base = row * STRIDE;
    if (gates.against === "anchor" || this.learning(row) || !this.#meets(base, gates)) return 0;
    return this.#sum(base, gates) / boundaryOf(raise);
  }

  learn(row: number, reading: Reading): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    if (data[base + FRESH] === 0) return;
    const { halfLife, season } = this.#options;
    const [value, seconds] = [data[base + LAST]!, data[base + SECONDS]!];
    const free = data[base + LEARNED]! < DAY || reading.at < data[base + GRACE]!;
    const blocks = ++data[base + BLOCKS]!;
    data[base + LEARNED]! += seconds;
    teach(data, base + VIEWS, { value, seconds, blocks, decay: Math.min(1, (Math.LN2 * seconds) / halfLife), free });
    const age = Math.min(data[base + LEARNED]! / YOUNG_SECONDS, blocks / YOUNG_BLOCKS);
    data[base + CONFIDENCE] = age < GROWN ? 1 - Math.exp(-age) : 1;
    if (season) this.season.update(row, reading.at, value, seconds);
  }

  distrust(row: number): void {
    const data = this.rows.data;
    if (data[row * STRIDE + FRESH]! > 0) noteHot(data, row * STRIDE + VIEWS);
  }

  alarm(): void {}

  calm(row: number): void {
    this.cut(row);
  }

  cut(row: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    data.fill(0, base + SUM, base + FRESH);
    data[base + ABOVE] = 0;
    data[base + BELOW] = 0;
    data[base + SINCE] = 0;
    cutFast(data, base + VIEWS);
  }

  /** What comes while a process starts is normal: it is not judged, and widens the envelopes freely. */
  settle(row: number, at: number): void {
    this.cut(row);
    this.rows.data[row * STRIDE + GRACE] = at + GRACE_SECONDS * 1000;
  }

  adopt(row: number): void {
    adoptHot(this.rows.data, row * STRIDE + VIEWS);
    this.cut(row);
  }

  explain(row: number, gates: Gates, raise: number): Explanation {
    const data = this.rows.data;
    const base = row * STRIDE;
    const known = !this.learning(row);
    const sum = this.#sum(base, gates);
    const level = this.#kind === "level";
    return {
      test: `${loudestOf(data, base + VIEWS, !this.#fell(base, gates))} outside of all seen`,
      window: data[base + SECONDS]!,
      ...(data[base + SINCE]! > 0 && { since: data[base + SINCE]! }),
      numerator: level ? data[base + LAST]! : data[base + NUMERATOR]!,
      denominator: level ? 1 : data[base + DENOMINATOR]!,
      observed: data[base + LAST]!,
      expected: known ? this.#expected(base) : undefined,
      ...this.#band(base, gates, raise, known),
      evidence: sum > 0 ? NATS_AT_BOUNDARY + NATS_PER_UNIT * (sum - BOUNDARY) : 0,
      threshold: NATS_AT_BOUNDARY + raise,
    };
  }

  #isFull(base: number, newest: number): boolean {
    const data = this.rows.data;
    const length = data[base + LENGTH]!;
    const enough = length + newest / 2 >= BLOCK_SECONDS;
    if (this.#kind === "rate" || this.#kind === "level") return enough;
    if (length >= LONGEST_BLOCK && data[base + COUNT]! === 0) data.fill(0, base + SUM, base + FRESH);
    return enough && (data[base + COUNT]! >= BLOCK_EVENTS || (length >= LONGEST_BLOCK && data[base + COUNT]! > 0));
  }

  #endBlock(row: number, at: number): void {
    const data = this.rows.data;
    const base = row * STRIDE;
    const seconds = data[base + LENGTH]!;
    const value = data[base + SUM]! / data[base + COUNT]!;
    data[base + NUMERATOR] = data[base + SUM]!;
    data[base + DENOMINATOR] = data[base + COUNT]!;
    data[base + SECONDS] = seconds;
    data[base + LAST] = value;
    data[base + FRESH] = 1;
    data.fill(0, base + SUM, base + FRESH);
    const profile = this.#options.season ? this.season.at(row, at) : Number.NaN;
    show(data, base + VIEWS, { value, seconds, profile, first: data[base + BLOCKS] === 0 });
    const worth = at < data[base + GRACE]! ? 0 : data[base + CONFIDENCE]!;
    data[base + ABOVE] = worth * data[base + VIEWS + OUT_ABOVE]!;
    data[base + BELOW] = worth * data[base + VIEWS + OUT_BELOW]!;
    if (data[base + ABOVE]! + data[base + BELOW]! === 0) data[base + SINCE] = 0;
    else if (data[base + SINCE] === 0) data[base + SINCE] = at;
  }

  #fell(base: number, { direction }: Gates): boolean {
    if (direction !== "both") return direction === "down";
    return this.rows.data[base + BELOW]! > this.rows.data[base + ABOVE]!;
  }

  #sum(base: number, { direction }: Gates): number {
    const [above, below] = [this.rows.data[base + ABOVE]!, this.rows.data[base + BELOW]!];
    if (direction === "both") return above + below;
    return direction === "up" ? above : below;
  }

  #meets(base: number, gates: Gates): boolean {
    const data = this.rows.data;
    const value = data[base + LAST]!;
    const { minimum, above, times } = gates;
    if (this.#fell(base, gates)) return times === 1 || times * value < this.#expected(base);
    if (minimum > 0 && this.#events(base) < minimum) return false;
    return (above === 0 || value > above) && (times === 1 || value > times * this.#expected(base));
  }

  #events(base: number): number {
    if (this.#kind === "level") return this.rows.data[base + LAST]!;
    return this.rows.data[base + (this.#kind === "mean" ? DENOMINATOR : NUMERATOR)]!;
  }

  /**
   * A rule in both directions adds up what lies above and below: on the side that is told of, the other's part is spared. Where the
   * fast mean still lies outside on its own, that side may have no bound; then there is no band, and where the bounds cross only
   * that side has one.
   */
  #band(base: number, gates: Gates, raise: number, known: boolean): Pick<Explanation, "lower" | "upper"> {
    const data = this.rows.data;
    const spared = gates.direction === "both" ? Math.min(data[base + ABOVE]!, data[base + BELOW]!) : 0;
    const need = boundaryOf(raise);
    const fell = this.#fell(base, gates);
    const lower = known && gates.direction !== "up" ? this.#lower(base, gates, need - (fell ? spared : 0)) : undefined;
    const upper =
      known && gates.direction !== "down" ? this.#upper(base, gates, need - (fell ? 0 : spared)) : undefined;
    if ((fell ? lower : upper) === undefined) return { lower: undefined, upper: undefined };
    if (lower === undefined || upper === undefined || lower <= upper) return { lower, upper };
    return fell ? { lower, upper: undefined } : { lower: undefined, upper };
  }

  #upper(base: number, { above, times }: Gates, need: number): number | undefined {
    const edge = this.#edge(base, true, need);
    if (edge === undefined) return undefined;
    const least = times === 1 ? edge : times * this.#expected(base);
    return Math.max(edge, least, above === 0 ? edge : above);
  }

  #lower(base: number, { times }: Gates, need: number): number | undefined {
    const edge = this.#edge(base, false, need);
    return edge === undefined || times === 1 ? edge : Math.min(edge, this.#expected(base) / times);
  }

  #edge(base: number, up: boolean, need: number): number | undefined {
    const data = this.rows.data;
    return edgeOf(data, base + VIEWS, need / data[base + CONFIDENCE]!, up);
  }

  #expected(base: number): number {
    return this.rows.data[base + VIEWS + SLOW_MEAN]!;
  }
}

/** The sum that fires. */
const boundaryOf = (raise: number): number => BOUNDARY + raise / NATS_PER_UNIT;
