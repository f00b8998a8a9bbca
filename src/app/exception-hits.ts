import type { Exception } from "../rules/types.ts";
import { replay } from "./replay.ts";
import type { RuleSources } from "./rule-files.ts";
import { readSettings } from "./settings.ts";

/**
 * How often each exception of some rules kept a finding from alerting while recordings were replayed.
 * @throws UserMistake on a recording or rules that cannot be used
 */
export async function countHits(
  rules: RuleSources,
  recordings: readonly string[],
): Promise<(exception: Exception) => number> {
  const { config } = await readSettings({ urls: [] });
  const counts = new Map<string, number>();
  await replay(
    { config, rules },
    recordings,
    () => {},
    ({ ruleStates }) => {
      for (const { exceptions } of ruleStates.values()) {
        for (const { exception, hits } of exceptions) {
          const key = JSON.stringify(exception.position);
          counts.set(key, (counts.get(key) ?? 0) + hits);
        }
      }
    },
  );
  return ({ position }) => counts.get(JSON.stringify(position)) ?? 0;
}
