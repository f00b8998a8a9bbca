/** Prior of the squared coefficient of variation, worth so many windows. */
export const PRIOR_WINDOWS = 10;
const FORGET_WINDOWS = 2000;
export const LEAST_CV2 = 0.005;
export const MOST_CV2 = 4;

/** Two cells: weighted sums for the squared coefficient of variation of a count beyond Poisson. */
export const SHAPE_CELLS = 2;

/** @param cv2 what is assumed before anything was seen */
export function initShape(data: Float64Array, cell: number, cv2: number): void {
  data[cell] = cv2 * PRIOR_WINDOWS;
  data[cell + 1] = PRIOR_WINDOWS;
}

/** The negative-binomial shape r = 1 / cv². */
export function shapeOf(data: Float64Array, cell: number): number {
  return 1 / Math.min(MOST_CV2, Math.max(LEAST_CV2, data[cell]! / data[cell + 1]!));
}

/**
 * Learns over-dispersion from a window with count k and expectation mu by moments, winsorised at four standard deviations:
 * 1/r = Σ w ((min(k, mu+4sd) − mu)² − mu) / mu² / Σ w, w = (mu / (1+mu))². Windows that expect less than 0.2 say nothing.
 */
export function learnShape(data: Float64Array, cell: number, k: number, mu: number): void {
  if (mu < 0.2) return;
  const cv2 = 1 / shapeOf(data, cell);
  const capped = Math.min(k, mu + 4 * Math.sqrt(mu + cv2 * mu * mu));
  const weight = (mu / (1 + mu)) ** 2;
  const keep = 1 - 1 / FORGET_WINDOWS;
  data[cell] = Math.max(0, data[cell]! * keep + (weight * ((capped - mu) ** 2 - mu)) / (mu * mu));
  data[cell + 1] = data[cell + 1]! * keep + weight;
}

/** No sibling is believed to be more over-dispersed than this: one that was made to look wild must not blind another. */
const MOST_INHERITED = 1;

/** Begins with a sibling's over-dispersion, as weak a prior as the one it takes the place of. */
export function inheritShape(data: Float64Array, cell: number, sibling: Float64Array, from: number): void {
  initShape(data, cell, Math.min(MOST_INHERITED, 1 / shapeOf(sibling, from)));
}
