import type { Names } from "./names.ts";
import { ofJobs, parens } from "./promql-text.ts";
import type { ExportOptions, Recording } from "./types.ts";

/** A bare score above which a reading does not teach, as in `watch.ts`. */
const SUSPICIOUS = 0.7;

/** What the condition of a rule is made of; each a vector of subjects with the observed value. */
export interface ConditionParts {
  readonly fire: string;
  /** What a subject that is anomalous is held against; undefined where there is no hysteresis. */
  readonly stay?: string;
  /** Whether a subject whose target cannot be scraped stays as it is. */
  readonly hold: boolean;
}

/** A detector as recording rules: those before the rule's condition, the condition's parts, those that read it. */
export interface DetectorRules {
  readonly before: readonly Recording[];
  readonly parts: Omit<ConditionParts, "hold">;
  readonly after: readonly Recording[];
  /** What is normal, found out less often. */
  readonly baselines: readonly Recording[];
}

/**
 * The findings of a rule as a recorded series that reads itself: a subject found at the evaluation before needs less to stay,
 * and stays while its target cannot be scraped.
 */
export function conditionOf(names: Names, { fire, stay, hold }: ConditionParts, { jobs }: ExportOptions): Recording {
  const terms = [parens(fire)];
  if (stay !== undefined) terms.push(parens(`${parens(stay)}\nand on (${names.by}) ${names.condition}`));
  if (hold) terms.push(`(${names.condition} and on (${names.server}) ${ofJobs("up", jobs)} == 0)`);
  return { name: names.condition, expr: terms.join("\nor\n"), labels: {} };
}

/**
 * Recorded values that may teach: those of subjects beyond suspicion, and of those of whom too little is known to suspect them.
 * After a baseline's length of suspicion there is no history left, so that what lasts becomes normal.
 * @param history the recorded series whose length of history counts
 */
export function unsuspected(names: Names, values: string, history: string, fewest: number): string {
  return `${parens(values)}
unless on (${names.by}) (
  (${names.series("anomaly_score")} > ${SUSPICIOUS} or ${names.condition})
    and on (${names.by}) count_over_time(${history}) >= ${fewest}
)`;
}
