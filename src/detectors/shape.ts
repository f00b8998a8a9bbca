/** Prior of the squared coefficient of variation, worth so many windows. */
export const PRIOR_WINDOWS = 10;
const FORGET_WINDOWS = 2000;
const KEEP = 1 - 1 / FORGET_WINDOWS;
export const LEAST_CV2 = 0.005;
export const MOST_CV2 = 4;
/** A count is cut off at so many standard deviations. */
const WINSOR = 4;
/** Squared deviations that are surely fewer, whatever rounding does: just under the square of `WINSOR`. */
const SURELY_WITHIN = 15;

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
  const off = winsorised(data, cell, k, mu) - mu;
  const known = mu / (1 + mu);
  const weight = known * known;
  data[cell] = Math.max(0, data[cell]! * KEEP + (weight * (off * off - mu)) / (mu * mu));
  data[cell + 1] = data[cell + 1]! * KEEP + weight;
}

/** The count, or where it begins to be cut off. An ordinary one, within the least spread there is, takes no root. */
function winsorised(data: Float64Array, cell: number, k: number, mu: number): number {
  const off = k - mu;
  if (off <= 0 || off * off <= SURELY_WITHIN * (mu + LEAST_CV2 * mu * mu)) return k;
  const cv2 = 1 / shapeOf(data, cell);
  return Math.min(k, mu + WINSOR * Math.sqrt(mu + cv2 * mu * mu));
}

/** No sibling is believed to be more over-dispersed than this: one that was made to look wild must not blind another. */
const MOST_INHERITED = 1;

/** Begins with a sibling's over-dispersion, as weak a prior as the one it takes the place of. */
export function inheritShape(data: Float64Array, cell: number, sibling: Float64Array, from: number): void {
  initShape(data, cell, Math.min(MOST_INHERITED, 1 / shapeOf(sibling, from)));
}
