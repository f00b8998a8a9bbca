import { calibrates, learnPeakExcess } from "./calibration.ts";

/** A block of events as a sum takes it. */
export interface Block {
  /** Epoch milliseconds of its beginning and its end. */
  from: number;
  until: number;
  /** Its numerator, its denominator, and the numerator that was expected. */
  seen: number;
  events: number;
  expected: number;
  /** Relative variance of its mean, as it counts in a sum over many. */
  variance: number;
}

/** Cells of one side: the sum and its highest since it last stood at 0 … */
const SUM = 0;
const PEAK = 1;
/** … the beginning, numerators, denominators, expected numerators, precision, unbounded gains and number of the blocks since … */
const SINCE = 2;
const SEEN = 3;
const EVENTS = 4;
const EXPECTED = 5;
const PRECISION = 6;
const GAINS = 7;
const BLOCKS = 8;
/** … the peak of an excursion that ended and has not taught yet, the mean excess of peaks above 1, and their number. */
const ENDED = 9;
const EXCESS = 10;
const PEAKS = 11;
export const CUSUM_CELLS = 12;

/** The factor that is looked for: the smallest that matters; it is nowhere much worse than the best up to a factor of 3. */
const SHIFT = 1.5;
const LOG_SHIFT = Math.log(SHIFT);
/** One block adds so many nats at most: no single answer that hung may raise an alarm. */
const MOST_GAIN = 6;

/**
 * The threshold evidence is held against after so many blocks. It grows with the logarithm of their number: the chance of a
 * false alarm is a budget that a row spends over its life, quickly at first, when nobody waits a week for the first answer.
 */
export const thresholdAfter = (blocks: number): number => 8 + Math.min(8, Math.log(Math.max(1, blocks / 100)));

/**
 * Page's CUSUM (Biometrika 1954): adds a block's log-likelihood ratio between a mean `SHIFT` times as large (as small) as
 * expected and one as expected, and stays at 0 or above.
 * @param side 1 looks for more, −1 for less
 * @param most nats of calibrated evidence that it never exceeds
 */
export function accumulate(data: Float64Array, cell: number, side: 1 | -1, block: Block, most: number): void {
  // `gammaGain` of a shift that is fixed, without its logarithm: this runs for every block of every subject.
  const slope = side > 0 ? 1 - 1 / SHIFT : 1 - SHIFT;
  const gain = ((block.seen / block.expected) * slope - side * LOG_SHIFT) / block.variance;
  const sum = Math.min(most * excessOf(data, cell), data[cell + SUM]! + Math.min(MOST_GAIN, gain));
  if (!(sum > 0)) {
    data[cell + ENDED] = Math.max(data[cell + ENDED]!, data[cell + PEAK]!);
    clearCusum(data, cell);
    return;
  }
  if (data[cell + BLOCKS] === 0) data[cell + SINCE] = block.from;
  data[cell + SUM] = sum;
  data[cell + PEAK] = Math.max(data[cell + PEAK]!, sum);
  data[cell + SEEN]! += block.seen;
  data[cell + EVENTS]! += block.events;
  data[cell + EXPECTED]! += block.expected;
  data[cell + PRECISION]! += 1 / block.variance;
  data[cell + GAINS]! += gain;
  data[cell + BLOCKS]!++;
}

/** The sum stands at 0 again; what its peaks taught stays. */
export function clearCusum(data: Float64Array, cell: number): void {
  data.fill(0, cell + SUM, cell + BLOCKS + 1);
}

/** An excursion that ended teaches how high excursions go, for noise that comes in runs builds higher peaks; one peak a call. */
export function learnPeak(data: Float64Array, cell: number): void {
  const peak = data[cell + ENDED]!;
  data[cell + ENDED] = 0;
  if (!calibrates(peak)) return;
  const peaks = ++data[cell + PEAKS]!;
  data[cell + EXCESS] = learnPeakExcess(excessOf(data, cell), peak, peaks) - 1;
}

/** Calibrated evidence, in nats. */
export const cusumOf = (data: Float64Array, cell: number): number => data[cell + SUM]! / excessOf(data, cell);

/** How many times what was expected the blocks show together since the sum last stood at 0; 1 where there are none. */
export const shiftOf = (data: Float64Array, cell: number): number =>
  data[cell + BLOCKS]! > 0 ? data[cell + SEEN]! / data[cell + EXPECTED]! : 1;

/** Since when blocks have been gathered (epoch milliseconds), and their numerators and denominators; allocates. */
export const gathered = (data: Float64Array, cell: number) => ({
  since: data[cell + SINCE]!,
  seen: data[cell + SEEN]!,
  events: data[cell + EVENTS]!,
});

/** How far out a ratio lies on a side: itself upward, its inverse downward. */
export const outward = (ratio: number, side: 1 | -1): number => (side > 0 ? ratio : 1 / ratio);

/** Whether the sum rests on enough blocks and events, and these lie far enough out together, to matter. */
export function matters(
  data: Float64Array,
  cell: number,
  side: 1 | -1,
  fewest: number,
  minimum: number,
  least: { readonly above: number; readonly times: number },
): boolean {
  if (data[cell + BLOCKS]! < fewest || data[cell + EVENTS]! < minimum) return false;
  return data[cell + SEEN]! > least.above * data[cell + EVENTS]! && outward(shiftOf(data, cell), side) > least.times;
}

/** Seconds from the beginning of the first block to an instant; 0 where there is none. */
export const gatheringFor = (data: Float64Array, cell: number, at: number): number =>
  data[cell + BLOCKS]! > 0 ? (at - data[cell + SINCE]!) / 1000 : 0;

/**
 * The mean over the same blocks at which the evidence would be `nats`, on the straight line that unbounded gains lie on: with
 * every ratio multiplied by c they add up to c (G + L) − L, L = ± ln `SHIFT` Σ 1/V.
 */
export function meanAt(data: Float64Array, cell: number, side: 1 | -1, nats: number): number {
  const line = side * LOG_SHIFT * data[cell + PRECISION]!;
  const factor = (nats * excessOf(data, cell) + line) / (data[cell + GAINS]! + line);
  return Math.max(0, (factor * data[cell + SEEN]!) / data[cell + EVENTS]!);
}

/** A new row's cells are 0, so what is kept is the part above 1. */
const excessOf = (data: Float64Array, cell: number): number => 1 + data[cell + EXCESS]!;
