import type { DurationMs, EpochMs } from "../../series/time.ts";
import type { ApiQueryResult } from "../../web/query-types.ts";

/** An expression and the time or the times at which it is to be evaluated. */
export type Question =
  | { readonly kind: "instant"; readonly expression: string; readonly at?: EpochMs }
  | {
      readonly kind: "range";
      readonly expression: string;
      readonly from: EpochMs;
      /** Absent: the end of what there is. */
      readonly to?: EpochMs;
      /** Absent: as long as a screen has lines. */
      readonly step?: DurationMs;
    };

/** What became of a question. */
export type Reply =
  | { readonly kind: "answer"; readonly result: ApiQueryResult; readonly notes: readonly string[] }
  | { readonly kind: "refused" | "unreachable"; readonly why: string };

const LINES = 60;

/** The step of a range where none is given: whole seconds, so that a screen has lines enough. */
export const usualStep = (from: EpochMs, to: EpochMs): DurationMs =>
  (Math.max(1, Math.ceil((to - from) / 1000 / LINES)) * 1000) as DurationMs;
