import type { ModelFact } from "./facts.ts";

/** One model before and after the interval between two good looks; `now` is undefined where it is gone. */
export interface Comparison {
  readonly before: Pick<ModelFact, "serving" | "loadSeconds" | "successes" | "failures">;
  readonly now: ModelFact | undefined;
}

/** What speaks for a new process; the first word that applies is the reason given. */
export type RestartProof =
  | "failure-counter-fell"
  | "process-counter-fell"
  | "all-loads-and-counters-new"
  | "all-loads-new";

/**
 * Decides from two looks at a server whether the process between them is another one. Triton publishes no start time, so
 * this goes by what a process cannot do (triton-reference.md §3.3): failure counters and GPU energy never fall while it
 * lives, and a load gauge that is the same to the nanosecond proves that it lives on. A single model that was loaded again
 * is exactly the complement: one changes, the others do not.
 *
 * @param gap the look before this one failed
 */
export function restartProof(
  models: readonly Comparison[],
  processCounterFell: boolean,
  gap: boolean,
): RestartProof | undefined {
  const seen = count(models);
  if (seen.sameLoad > 0) return undefined;
  if (processCounterFell) return "process-counter-fell";
  if (seen.failuresFell > 0 && (seen.newLoad > 0 || seen.wentOn === 0)) return "failure-counter-fell";
  if (seen.failuresWentOn > 0 || seen.wentOn > 0) return undefined;
  // One model whose load and counters are new may just have been unloaded and loaded again.
  if (seen.newLoad < (gap ? 1 : 2)) return undefined;
  return seen.fell > 0 ? "all-loads-and-counters-new" : "all-loads-new";
}

/** How many models' load gauge stayed or changed, and whose counters fell or went on from a value above 0. */
function count(models: readonly Comparison[]) {
  const seen = { sameLoad: 0, newLoad: 0, fell: 0, wentOn: 0, failuresFell: 0, failuresWentOn: 0 };
  for (const { before, now } of models) {
    if (before.failures !== undefined && before.failures > (now?.failures ?? -1)) seen.failuresFell++;
    else if (before.failures) seen.failuresWentOn++;
    if (!before.serving) continue;
    if (now?.serving && before.loadSeconds && now.loadSeconds) {
      if (before.loadSeconds === now.loadSeconds) seen.sameLoad++;
      else seen.newLoad++;
    }
    if (!before.successes) continue;
    if ((now?.successes ?? -1) < before.successes) seen.fell++;
    else seen.wentOn++;
  }
  return seen;
}
