/** Whether a quantile exists: 0 to 1. */
export const isQuantile = (q: number): boolean => q >= 0 && q <= 1;

/**
 * The q-quantile of values sorted as a Float64Array sorts itself, interpolated between neighbours. NaN counts as the
 * smallest value. −∞ below 0 and +∞ above 1.
 */
export function quantileOfSorted(q: number, sorted: Float64Array): number {
  if (sorted.length === 0 || Number.isNaN(q)) return Number.NaN;
  if (!isQuantile(q)) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const rank = q * (sorted.length - 1);
  const lower = Math.floor(rank);
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - lower;
  // A typed array sorts NaN to its end.
  let numbers = sorted.length;
  while (numbers > 0 && Number.isNaN(sorted[numbers - 1]!)) numbers--;
  const nans = sorted.length - numbers;
  const at = (i: number): number => (i < nans ? Number.NaN : sorted[i - nans]!);
  return at(lower) * (1 - weight) + at(upper) * weight;
}
