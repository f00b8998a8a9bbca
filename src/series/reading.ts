/**
 * What one subject's signal was over one interval. The observed value is numerator / denominator for every signal: bad of
 * total requests, events of seconds, sum of count, level of its bound (1 where there is none). Numbers lie within ± 2⁶⁴.
 */
export interface Reading {
  /** End of the interval, epoch milliseconds. */
  at: number;
  /** Its length in seconds. */
  seconds: number;
  numerator: number;
  denominator: number;
}
