import type { Matcher } from "../series/matchers.ts";

/** One selector of series, for example `nv_inference_request_failure{reason!="CANCELED"}`. */
export interface Selector {
  readonly text: string;
  readonly matchers: readonly Matcher[];
}

/** What a `detect:` rule computes from series, scrape by scrape. */
export type SeriesSignal =
  /** Δbad / Δtotal of counters. */
  | { readonly kind: "ratio"; readonly bad: readonly Selector[]; readonly total: readonly Selector[] }
  /** Δ of counters a second. */
  | { readonly kind: "rate"; readonly of: readonly Selector[] }
  /** Δsum / (Δcount − Δminus) of counters. */
  | {
      readonly kind: "mean";
      readonly sum: readonly Selector[];
      readonly count: readonly Selector[];
      /** Counters to take off the count: requests a cache answered cost no compute time. */
      readonly minus: readonly Selector[];
    }
  /** Gauges as they are, or as a part of `of`. */
  | { readonly kind: "level"; readonly value: readonly Selector[]; readonly of: readonly Selector[] };

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
