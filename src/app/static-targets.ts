import { Labels } from "../series/labels.ts";
import type { ScrapeJob } from "../targets/job.ts";
import type { Target } from "../targets/target.ts";
import { buildTarget } from "../targets/target-builder.ts";

/** The targets of jobs that are known without looking for any. */
export function staticTargets(jobs: readonly ScrapeJob[]): readonly Target[] {
  const found: Target[] = [];
  for (const job of jobs) {
    for (const discovery of job.discoveries) {
      if (discovery.kind !== "static") continue;
      for (const address of discovery.targets) {
        const built = buildTarget(job, Labels.of({ __address__: address }).with(discovery.labels));
        if (built.kind === "target") found.push(built.target);
      }
    }
  }
  return found;
}
