import type { Labels } from "../series/labels.ts";

export type MetricType = "counter" | "gauge" | "histogram" | "summary" | "untyped";

/**
 * Gives the column a series is written to; -1 = nobody reads it (its samples are counted and skipped). Called once in a
 * series' life on a reader, with the type its family was declared with above it, if any.
 */
export type Intern = (series: Labels, type: MetricType | undefined) => number;

/** How much of a page is believed. Lengths are bytes as they stand on the page, escapes not undone. */
export interface PageLimits {
  /** Sample lines a page may have; a page with more is not read at all. */
  readonly samples: number;
  readonly labelValueLength: number;
  /** Labels one sample may have, its name not counted. */
  readonly labels: number;
  /** Problems kept verbatim; all are counted. */
  readonly problems: number;
  readonly lineLength: number;
}

/** Five times the largest page Triton is known to make; a label value holds the longest path (4,096 bytes). */
export const DEFAULT_PAGE_LIMITS: PageLimits = {
  samples: 50_000,
  labelValueLength: 4_096,
  labels: 64,
  problems: 20,
  lineLength: 65_536,
};

/** One read page. The arrays are longer than `length` and reused by the next read. */
export interface Page {
  /** The columns of the kept series in page order, all ≥ 0. */
  readonly columns: Int32Array;
  /** The value of each kept series. */
  readonly values: Float64Array;
  readonly length: number;
  /** All valid samples, kept or not; a repeated series counts once. */
  readonly samples: number;
  /** Changes exactly when the list `columns[0..length)` differs from the one of the last page that could be read. */
  readonly shape: number;
  /** What was wrong, in line order; bounded by `PageLimits.problems`. */
  readonly problems: readonly PageProblem[];
  readonly problemCounts: ProblemCounts;
}

/**
 * - `malformed`: the line is not of the format; it is skipped.
 * - `duplicate`: the series was on the page before; the first sample stays.
 * - `conflicting-type`: the family was declared before with another type; the first stays.
 * - `outside-family`: a sample (or a whole block) of a declared family outside its block; it is read all the same.
 * - `over-limit`: too many labels, a label value or a line too long; it is skipped.
 */
export type PageProblemKind = "malformed" | "duplicate" | "conflicting-type" | "outside-family" | "over-limit";

export type ProblemCounts = Readonly<Record<PageProblemKind, number>>;

export interface PageProblem {
  readonly kind: PageProblemKind;
  /** Counted from 1. */
  readonly line: number;
  /** The start of the line, control characters made visible. */
  readonly text: string;
  readonly why: string;
}

export type PageOutcome =
  | { readonly kind: "page"; readonly page: Page }
  | { readonly kind: "not-metrics"; readonly why: string };
