import type { Labels } from "../../series/labels.ts";
import type { EpochMs } from "../../series/time.ts";

/** One sample of a query's answer. */
interface TemplateSample {
  /** The metric name among them. */
  readonly labels: Labels;
  readonly value: number;
}

/**
 * Runs PromQL at a moment: a vector's samples in the engine's order, a scalar as one sample without labels.
 * It throws RangeError where the query is wrong, fails, or gives neither.
 */
export type TemplateQuery = (text: string, at: EpochMs) => readonly TemplateSample[];

/** What functions may know of the expansion that calls them. */
export interface RunContext {
  readonly externalURL: string;
  /** The moment of the evaluation. */
  readonly at: EpochMs | undefined;
  readonly query: TemplateQuery | undefined;
  /** Counts a query, and work in steps; throws RangeError where the expansion does too much. */
  readonly count: (what: "query" | "step", n: number) => void;
}
