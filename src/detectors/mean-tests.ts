import {
  accumulate,
  type Block,
  CUSUM_CELLS,
  clearCusum,
  cusumOf,
  gathered,
  gatheringFor,
  learnPeak,
  matters,
  meanAt,
  outward,
  shiftOf,
} from "./cusum.ts";
import type { Explanation, Gates } from "./detector.ts";
import { gammaGain, lowerRatio, upperRatio } from "./gamma-tail.ts";
import { addBlock, bareNats, clearBlocks, learnTwoBlocks, TWO_BLOCKS_CELLS, twoBlocks } from "./two-blocks.ts";

/** Two blocks fire at once only beyond this factor, the CUSUM only if so many blocks carry it: hosts stall for seconds. */
export const STRONG_TIMES = 1.6;
const FEWEST_BLOCKS = 4;
/** What lasts so many seconds may be smaller to matter. */
const LASTING = 300;
/** The CUSUM goes on growing by so many nats beyond its threshold: farther than anybody raises thresholds. */
const BEYOND = 40;
/** An alarm is over when blocks speak for the old level by so many nats, one of them by no more than half of that. */
const EXIT = 4;
const MOST_EXIT_GAIN = EXIT / 2;
/** No alarm is about a smaller factor. */
const LEAST_ALARM = 1.2;

/** The last block: beginning and end, numerator, denominator, expected numerator, relative variance of its mean. */
const FROM = 0;
const UNTIL = 1;
const SEEN = 2;
const EVENTS = 3;
const EXPECTED = 4;
const VARIANCE = 5;
/** While an alarm lasts: the factor it is about, and the evidence that it is over. 0 while there is none. */
const ALARM = 6;
const OVER = 7;
const PAIR = 8;
const UP = PAIR + TWO_BLOCKS_CELLS;
const DOWN = UP + CUSUM_CELLS;
export const TESTS_CELLS = DOWN + CUSUM_CELLS;

/** What explanations call the tests. */
export const PAIR_NAME = "two blocks";
export const SUM_NAME = "CUSUM of blocks";

/** 1 looks for more than expected, −1 for less. */
type Side = 1 | -1;

const sumOf = (cell: number, side: Side): number => cell + (side > 0 ? UP : DOWN);

/**
 * Shows a block to the tests. @param own relative variance of its mean alone
 * @param threshold the detector's own, in nats
 */
export function weigh(data: Float64Array, cell: number, block: Block, own: number, threshold: number): void {
  const ratio = block.seen / block.expected;
  data[cell + FROM] = block.from;
  data[cell + UNTIL] = block.until;
  data[cell + SEEN] = block.seen;
  data[cell + EVENTS] = block.events;
  data[cell + EXPECTED] = block.expected;
  data[cell + VARIANCE] = own;
  addBlock(data, cell + PAIR, ratio, own);
  accumulate(data, cell + UP, 1, block, threshold + BEYOND);
  accumulate(data, cell + DOWN, -1, block, threshold + BEYOND);
  if (data[cell + ALARM] === 0) return;
  const back = Math.min(MOST_EXIT_GAIN, -gammaGain(ratio, data[cell + ALARM]!, own));
  data[cell + OVER] = Math.max(0, data[cell + OVER]! + back);
}

/** What the tests make of blocks that taught. */
export function learnTests(data: Float64Array, cell: number): void {
  learnTwoBlocks(data, cell + PAIR);
  learnPeak(data, cell + UP);
  learnPeak(data, cell + DOWN);
}

export function clearTests(data: Float64Array, cell: number): void {
  clearBlocks(data, cell + PAIR);
  clearCusum(data, cell + UP);
  clearCusum(data, cell + DOWN);
}

export function beginAlarm(data: Float64Array, cell: number): void {
  const side = louder(data, cell);
  const sum = sumOf(cell, side);
  const shift = cusumOf(data, sum) > twoBlocks(data, cell + PAIR, side) ? shiftOf(data, sum) : ratioOf(data, cell);
  data[cell + ALARM] = outward(Math.max(LEAST_ALARM, outward(shift, side)), side);
  data[cell + OVER] = 0;
}

export function endAlarm(data: Float64Array, cell: number): void {
  data[cell + ALARM] = 0;
}

/** Whether the end of a standing alarm has shown. */
export const isOver = (data: Float64Array, cell: number): boolean =>
  data[cell + ALARM]! > 0 && data[cell + OVER]! >= EXIT;

/** Evidence on one side, in nats, under no rule's conditions. */
export const bareEvidence = (data: Float64Array, cell: number, side: Side): number =>
  Math.max(twoBlocks(data, cell + PAIR, side), cusumOf(data, sumOf(cell, side)));

/** Evidence on one side, in nats, under a rule's conditions. */
export const gatedEvidence = (data: Float64Array, cell: number, side: Side, gates: Gates): number =>
  Math.max(gatedPair(data, cell, side, gates), gatedCusum(data, cell, side, gates));

/**
 * The test that speaks loudest, what it saw, and the band in which it would not have fired.
 * @param expected the mean that is expected now
 */
export function explainTests(
  data: Float64Array,
  cell: number,
  gates: Gates,
  threshold: number,
  expected: number,
): Explanation {
  const side = gates.direction === "both" ? louder(data, cell) : gates.direction === "up" ? 1 : -1;
  const gated = gatedPair(data, cell, side, gates) - gatedCusum(data, cell, side, gates);
  const bare = twoBlocks(data, cell + PAIR, side) - cusumOf(data, sumOf(cell, side));
  return gated > 0 || (gated === 0 && bare >= 0)
    ? explainPair(data, cell, side, gates, threshold, expected)
    : explainCusum(data, cell, side, gates, threshold, expected);
}

function gatedPair(data: Float64Array, cell: number, side: Side, gates: Gates): number {
  const enough = data[cell + EVENTS]! >= gates.minimum && data[cell + SEEN]! > gates.above * data[cell + EVENTS]!;
  return enough && outward(ratioOf(data, cell), side) > strongTimes(data, cell, gates)
    ? twoBlocks(data, cell + PAIR, side)
    : 0;
}

function gatedCusum(data: Float64Array, cell: number, side: Side, gates: Gates): number {
  const sum = sumOf(cell, side);
  const fewest = data[cell + ALARM]! > 0 ? 1 : FEWEST_BLOCKS;
  const least = conditionsOf(data, cell, side, gates);
  return matters(data, sum, side, fewest, gates.minimum, least) ? cusumOf(data, sum) : 0;
}

/** How far out two blocks must lie: while an alarm stands, no farther than its rule says. */
const strongTimes = (data: Float64Array, cell: number, gates: Gates): number =>
  data[cell + ALARM]! > 0 ? gates.times : Math.max(gates.times, STRONG_TIMES);

function conditionsOf(data: Float64Array, cell: number, side: Side, gates: Gates): Gates["lasting"] {
  return gatheringFor(data, sumOf(cell, side), data[cell + UNTIL]!) >= LASTING ? gates.lasting : gates;
}

const ratioOf = (data: Float64Array, cell: number): number =>
  data[cell + EXPECTED]! > 0 ? data[cell + SEEN]! / data[cell + EXPECTED]! : 1;

const louder = (data: Float64Array, cell: number): Side =>
  bareEvidence(data, cell, 1) >= bareEvidence(data, cell, -1) ? 1 : -1;

function explainPair(
  data: Float64Array,
  cell: number,
  side: Side,
  gates: Gates,
  threshold: number,
  expected: number,
): Explanation {
  const events = data[cell + EVENTS]!;
  const nats = bareNats(data, cell + PAIR, threshold);
  // What would not have fired is what begins no alarm, also while one stands.
  const strong = Math.max(gates.times, STRONG_TIMES);
  return {
    test: PAIR_NAME,
    window: (data[cell + UNTIL]! - data[cell + FROM]!) / 1000,
    numerator: data[cell + SEEN]!,
    denominator: events,
    observed: events > 0 ? data[cell + SEEN]! / events : 0,
    expected,
    lower: expected * Math.min(1 / strong, lowerRatio(nats, data[cell + VARIANCE]!)),
    upper: Math.max(gates.above, expected * Math.max(strong, upperRatio(nats, data[cell + VARIANCE]!))),
    evidence: twoBlocks(data, cell + PAIR, side),
    threshold,
  };
}

function explainCusum(
  data: Float64Array,
  cell: number,
  side: Side,
  gates: Gates,
  threshold: number,
  expected: number,
): Explanation {
  const sum = sumOf(cell, side);
  const { since, seen, events } = gathered(data, sum);
  const { above, times } = conditionsOf(data, cell, side, gates);
  const edge = meanAt(data, sum, side, threshold);
  return {
    test: SUM_NAME,
    window: gatheringFor(data, sum, data[cell + UNTIL]!),
    since,
    numerator: seen,
    denominator: events,
    observed: seen / events,
    expected,
    lower: side < 0 ? Math.min(expected / times, edge) : 0,
    upper: Math.max(above, expected * times, side > 0 ? edge : 0),
    evidence: cusumOf(data, sum),
    threshold,
  };
}
