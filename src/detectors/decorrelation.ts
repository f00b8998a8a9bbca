/** How fast the estimate follows once it has seen enough residuals; before, it is their plain mean. */
const GAIN = 0.01;
const FIRST = 5;
/** Residuals are clipped to so many standard deviations: one outlier is no correlation. */
const CLIP = 4;
const LEAST_VARIANCE = 0.05;
/** More correlation than this is a level that moved, not noise; unbounded, a CUSUM would fall asleep. */
const MOST_CORRELATION = 0.8;

const COVARIANCE = 0;
const VARIANCE = 1;
const LAST = 2;
const COUNT = 3;

/** Cells of the lag-1 autocorrelation of standardised residuals. */
export const DECORRELATION_CELLS = 4;

export function initDecorrelation(data: Float64Array, cell: number): void {
  data[cell + VARIANCE] = 1;
}

/**
 * By how much the variance of a sum of residuals exceeds that of independent ones: (1+ρ)/(1−ρ) for a first-order autoregression
 * (Box & Jenkins, Time Series Analysis, ch. 3). A sum of log-likelihood ratios is divided by it.
 */
export function inflation(data: Float64Array, cell: number): number {
  const rho = Math.max(0, Math.min(MOST_CORRELATION, data[cell + COVARIANCE]! / data[cell + VARIANCE]!));
  return (1 + rho) / (1 - rho);
}

export function learnResidual(data: Float64Array, cell: number, residual: number): void {
  const z = Math.max(-CLIP, Math.min(CLIP, residual));
  const gain = Math.max(GAIN, 1 / (FIRST + data[cell + COUNT]!));
  data[cell + COUNT]! += 1;
  data[cell + COVARIANCE]! += gain * (z * data[cell + LAST]! - data[cell + COVARIANCE]!);
  data[cell + VARIANCE] = Math.max(LEAST_VARIANCE, data[cell + VARIANCE]! + gain * (z * z - data[cell + VARIANCE]!));
  data[cell + LAST] = z;
}
