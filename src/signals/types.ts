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
