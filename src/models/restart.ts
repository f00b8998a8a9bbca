import type { ModelFact } from "./facts.ts";

/** One model before and after the interval between two good looks; `now` is undefined where nothing is left of it. */
export interface Comparison {
  readonly before: Pick<ModelFact, "serving" | "loadSeconds" | "successes" | "failures">;
  readonly now: ModelFact | undefined;
}

/** What speaks for a new process; the first word that applies is the reason given. */
export type RestartProof =
  | "process-counter-fell"
  | "failure-counter-fell"
  | "all-loads-and-counters-new"
  | "all-loads-new"
  | "all-counters-new";

/**
 * Decides from two looks at a server whether the process between them is another one. Triton publishes no start time, so
 * this goes by what a process cannot do (triton-reference.md §3.3): failure counters and GPU energy never fall while it
 * lives, and a load gauge that is the same to the nanosecond proves that it lives on. A single model that was loaded again
 * is exactly the complement: one changes, the others do not.
 *
 * @param gap the look before this one failed
 */
export function restartProof(
  models: Iterable<Comparison>,
  processCounterFell: boolean,
  gap: boolean,
): RestartProof | undefined {
  const seen = count(models);
  if (seen.sameLoad > 0) return undefined;
  if (processCounterFell) return "process-counter-fell";
  // A failure counter that fell while successes went on is a line that could not be read.
  const freshCounters = seen.reset > 0 || seen.wentOn === 0;
  if (seen.failuresFell > 0 && (seen.newLoad > 0 || freshCounters)) return "failure-counter-fell";
  if (seen.failuresWentOn > 0 || seen.wentOn > 0) return undefined;
  // One model whose load and counters are new may just have been unloaded and loaded again.
  const enough = gap ? 1 : 2;
  if (seen.newLoad >= enough) return seen.reset + seen.gone > 0 ? "all-loads-and-counters-new" : "all-loads-new";
  // Before 24.11 there is no load gauge.
  return seen.newLoad === 0 && seen.reset >= enough ? "all-counters-new" : undefined;
}

/** How many models' load gauge stayed or changed, and whose counters went on, began anew or are gone with their model. */
function count(models: Iterable<Comparison>) {
  const seen = { sameLoad: 0, newLoad: 0, reset: 0, gone: 0, wentOn: 0, failuresFell: 0, failuresWentOn: 0 };
  for (const { before, now } of models) {
    if (before.failures !== undefined) {
      // Failure series outlive their model: only a new process is without them.
      const failures = now === undefined ? -1 : now.failures;
      if (failures !== undefined && failures < before.failures) seen.failuresFell++;
      else if (wentOn(before.failures, failures)) seen.failuresWentOn++;
    }
    if (!before.serving) continue;
    if (now?.serving && before.loadSeconds && now.loadSeconds) {
      if (before.loadSeconds === now.loadSeconds) seen.sameLoad++;
      else seen.newLoad++;
    }
    if (!now?.serving) seen.gone++;
    else if (now.successes !== undefined && now.successes < (before.successes ?? 0)) seen.reset++;
    else if (wentOn(before.successes, now.successes)) seen.wentOn++;
  }
  return seen;
}

/** Whether a counter plainly continued: a fresh one would hardly stand between its old value and twice that. */
const wentOn = (before: number | undefined, now: number | undefined): boolean =>
  before !== undefined && before > 0 && now !== undefined && now >= before && now < 2 * before;
