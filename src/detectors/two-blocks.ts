import { calibrated, learnExcess, uncalibrated } from "./calibration.ts";
import { gammaEvidence } from "./gamma-tail.ts";

/** Bare evidence of the last two blocks: positive for more than expected, negative for less; and the mean excess above 1. */
const LAST = 0;
const BEFORE = 1;
const EXCESS = 2;
export const TWO_BLOCKS_CELLS = 3;

/** Takes a block. @param variance relative variance of its mean, and of what is expected */
export function addBlock(data: Float64Array, cell: number, ratio: number, variance: number): void {
  data[cell + BEFORE] = data[cell + LAST]!;
  data[cell + LAST] = gammaEvidence(ratio, variance) * Math.sign(ratio - 1);
}

export function clearBlocks(data: Float64Array, cell: number): void {
  data[cell + LAST] = 0;
  data[cell + BEFORE] = 0;
}

/** The weaker evidence of the last two blocks, calibrated, in nats: one block far out is an accident, two are none. */
export function twoBlocks(data: Float64Array, cell: number, side: 1 | -1): number {
  const weaker = Math.min(side * data[cell + LAST]!, side * data[cell + BEFORE]!);
  return calibrated(Math.max(0, weaker), excessOf(data, cell));
}

export function learnTwoBlocks(data: Float64Array, cell: number): void {
  const [last, before] = [data[cell + LAST]!, data[cell + BEFORE]!];
  if (last * before <= 0) return;
  data[cell + EXCESS] = learnExcess(excessOf(data, cell), Math.min(Math.abs(last), Math.abs(before))) - 1;
}

/** The evidence a single block needs so that calibrated it is worth `nats`. */
export const bareNats = (data: Float64Array, cell: number, nats: number): number =>
  uncalibrated(nats, excessOf(data, cell));

/** A new row's cells are 0, so what is kept is the part above 1. */
const excessOf = (data: Float64Array, cell: number): number => 1 + data[cell + EXCESS]!;
