/** Cells of a two-sided CUSUM: the sums upward and downward, and the weighted mean of the shifts since both stood at 0. */
export const UP = 0;
export const DOWN = 1;
const MEAN_SUM = 2;
const MEAN_WEIGHT = 3;
export const CUSUM_CELLS = 4;

/** The shift that is looked for, on the log scale. */
const SHIFT = Math.log(1.5);
/** Standard deviations beyond which a value counts no more, and the most a single value may add for each of them. */
const CLIP_Z = 4;
const MOST_STEP = 2;

/**
 * The threshold a row's CUSUM is held against after so many blocks. It grows with the logarithm of their number: the chance of
 * a false alarm is a budget that a row spends over its life, quickly at first, when nobody waits a week for the first answer.
 */
export const thresholdAfter = (blocks: number): number => 8 + Math.min(8, Math.log(Math.max(1, blocks / 100)));

/**
 * Adds a shift to the sums: each grows by the log-likelihood ratio between a shift by half and none, at this noise.
 * @param scale standard deviation of a shift of weight 1
 * @param weight its square root of relative precision, 0 to 1
 * @param most no sum exceeds this, so that an alarm also ends
 */
export function accumulate(
  data: Float64Array,
  cell: number,
  shift: number,
  scale: number,
  weight: number,
  most: number,
): void {
  const z = Math.max(-CLIP_Z, Math.min(CLIP_Z, (shift * weight) / scale));
  const step = Math.min(MOST_STEP, (SHIFT * weight) / scale);
  data[cell + UP] = Math.max(0, Math.min(most, data[cell + UP]! + step * (z - step / 2)));
  data[cell + DOWN] = Math.max(0, Math.min(most, data[cell + DOWN]! + step * (-z - step / 2)));
  const over = data[cell + UP] === 0 && data[cell + DOWN] === 0;
  data[cell + MEAN_SUM] = over ? 0 : data[cell + MEAN_SUM]! + weight * weight * shift;
  data[cell + MEAN_WEIGHT] = over ? 0 : data[cell + MEAN_WEIGHT]! + weight * weight;
}

/** Mean shift since both sums last stood at 0. */
export const meanShift = (data: Float64Array, cell: number): number =>
  data[cell + MEAN_WEIGHT]! > 0 ? data[cell + MEAN_SUM]! / data[cell + MEAN_WEIGHT]! : 0;

/** How many blocks of full weight the mean is made of. */
export const meanWeight = (data: Float64Array, cell: number): number => data[cell + MEAN_WEIGHT]!;
