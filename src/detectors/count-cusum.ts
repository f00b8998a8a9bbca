import { calibrates, learnPeakExcess } from "./calibration.ts";
import { DECORRELATION_CELLS, inflation, initDecorrelation, learnResidual } from "./decorrelation.ts";

/**
 * Nats beyond which a sum grows no further, or an alarm would outlast its cause by as long as it lasted. Its own threshold of about
 * 14, and 40 on top: farther than a budget and a noisy subject together raise thresholds.
 */
const MOST = 54;

/** Pages may show bad events of no requests: no mean is smaller than this. */
const LEAST_MEAN = 1e-9;

const SUM = 0;
const PEAK = 1;
/** Peak of an excursion that is over and has not taught yet. */
const ENDED = 2;
const EXCESS = 3;
const EXCURSIONS = 4;
const SINCE = 5;
const SINCE_K = 6;
const SINCE_N = 7;
const SINCE_BLOCKS = 8;
const CORRELATION = 9;

/** Cells of a CUSUM of counts: its sum and peak, what calibrates it, and what was counted since it last stood at 0. */
export const COUNT_CUSUM_CELLS = CORRELATION + DECORRELATION_CELLS;

export function initCountCusum(data: Float64Array, cell: number): void {
  data[cell + EXCESS] = 1;
  initDecorrelation(data, cell + CORRELATION);
}

/** One block of events: k of an exposure n, mu0 of which are expected and mu1 if there is something to be found. */
export interface CountBlock {
  /** Epoch milliseconds at which it began. */
  start: number;
  k: number;
  n: number;
  mu0: number;
  mu1: number;
  /** The negative-binomial shape of a block's count. */
  shape: number;
}

/**
 * The log-likelihood ratio of two negative binomials with one shape for a count k:
 * k ln[mu1(mu0+r) / (mu0(mu1+r))] − r ln[(mu1+r) / (mu0+r)].
 */
export const logRatio = (k: number, mu0: number, mu1: number, shape: number): number =>
  k * slopeOf(mu0, mu1, shape) -
  shape * Math.log((Math.max(mu1, LEAST_MEAN) + shape) / (Math.max(mu0, LEAST_MEAN) + shape));

/**
 * Adds a block's log-likelihood ratio to the sum (Page, Continuous inspection schemes, 1954), divided by the inflation that
 * correlated blocks cause.
 * @returns what was added
 */
export function accumulateCount(data: Float64Array, cell: number, block: CountBlock): number {
  const { k, mu0, mu1, shape } = block;
  const step = logRatio(k, mu0, mu1, shape) / inflationOf(data, cell);
  if (data[cell + SUM] === 0) {
    data[cell + SINCE] = block.start;
    data.fill(0, cell + SINCE_K, cell + SINCE_BLOCKS + 1);
  }
  data[cell + SUM] = Math.max(0, Math.min(MOST * data[cell + EXCESS]!, data[cell + SUM]! + step));
  data[cell + PEAK] = Math.max(data[cell + PEAK]!, data[cell + SUM]!);
  data[cell + SINCE_K]! += k;
  data[cell + SINCE_N]! += block.n;
  data[cell + SINCE_BLOCKS]! += 1;
  if (data[cell + SUM] === 0) {
    data[cell + ENDED] = data[cell + PEAK]!;
    data[cell + PEAK] = 0;
  }
  return step;
}

/** Learns how blocks hang together, and from an excursion that just ended how high excursions go: that deflates the sum. */
export function learnCountCusum(data: Float64Array, cell: number, block: CountBlock): void {
  const { k, mu0, shape } = block;
  learnResidual(data, cell + CORRELATION, (k - mu0) / Math.sqrt(mu0 + (mu0 * mu0) / shape + 0.5));
  const peak = data[cell + ENDED]!;
  data[cell + ENDED] = 0;
  if (!calibrates(peak)) return;
  data[cell + EXCURSIONS]! += 1;
  data[cell + EXCESS] = learnPeakExcess(data[cell + EXCESS]!, peak, data[cell + EXCURSIONS]!);
}

/** By how much correlated blocks inflate the variance of their sum. */
export const inflationOf = (data: Float64Array, cell: number): number => inflation(data, cell + CORRELATION);

/** The calibrated sum, in nats. */
export const cusumEvidence = (data: Float64Array, cell: number): number => data[cell + SUM]! / data[cell + EXCESS]!;

/** Begins anew; what was learned stays. */
export function emptyCountCusum(data: Float64Array, cell: number): void {
  data[cell + SUM] = 0;
  data[cell + PEAK] = 0;
  data[cell + ENDED] = 0;
  data.fill(0, cell + SINCE, cell + SINCE_BLOCKS + 1);
}

/** Halves the sum. */
export function fadeCountCusum(data: Float64Array, cell: number): void {
  data[cell + SUM]! /= 2;
}

/** When the sum last stood at 0 (epoch milliseconds), and what was counted since. */
export const sinceOf = (data: Float64Array, cell: number): number => data[cell + SINCE]!;
export const countSince = (data: Float64Array, cell: number): number => data[cell + SINCE_K]!;
export const exposureSince = (data: Float64Array, cell: number): number => data[cell + SINCE_N]!;
export const blocksSince = (data: Float64Array, cell: number): number => data[cell + SINCE_BLOCKS]!;

/** The count since the sum last stood at 0 with which its evidence would be just `nats`, all blocks taken for alike. */
export function countAt(data: Float64Array, cell: number, alike: CountBlock, nats: number): number {
  const { mu0, mu1, shape } = alike;
  const over = cusumEvidence(data, cell) - nats;
  const each = slopeOf(mu0, mu1, shape) / (inflationOf(data, cell) * data[cell + EXCESS]!);
  return Math.max(0, countSince(data, cell) - over / each);
}

/** By how much one event more favours mu1. */
function slopeOf(mu0: number, mu1: number, shape: number): number {
  const [none, some] = [Math.max(mu0, LEAST_MEAN), Math.max(mu1, LEAST_MEAN)];
  return Math.log(some / none) - Math.log((some + shape) / (none + shape));
}
