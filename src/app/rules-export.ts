import { exportRules } from "../rules/export/export-rules.ts";
import type { RuleExport } from "../rules/export/types.ts";
import { DAY, type DurationMs } from "../series/time.ts";
import { loadRuleGroups } from "./rule-files.ts";
import { readSettings, shortestInterval } from "./settings.ts";

/** What a person asked to be exported. */
export interface ExportRequest {
  readonly config?: string;
  readonly rules?: readonly string[];
  readonly version: string;
  readonly command: string;
  /** By default that of the config. */
  readonly interval?: DurationMs;
  readonly baselineWindow?: DurationMs;
  /** By default the jobs of the config. */
  readonly jobs?: readonly string[];
  readonly forVm: boolean;
}

/** The job of servers that only have a URL. */
const DEFAULT_JOB = "triton";

/**
 * Exports the rules that a command with the same config would run.
 * @throws UserMistake with everything that is wrong with the config or the rules
 */
export async function exportEffectiveRules(request: ExportRequest): Promise<RuleExport> {
  const { config: file, rules: patterns, interval, jobs, baselineWindow } = request;
  const { config, rules } = await readSettings({
    urls: [],
    ...(file !== undefined && { config: file }),
    ...(patterns !== undefined && { rules: patterns }),
  });
  const named = jobs ?? config.jobs.map(({ jobName }) => jobName);
  return exportRules(await loadRuleGroups(rules), {
    version: request.version,
    command: request.command,
    interval: interval ?? shortestInterval(config),
    baselineWindow: baselineWindow ?? DAY,
    jobs: named.length > 0 ? named : [DEFAULT_JOB],
    dialect: request.forVm ? "victoriametrics" : "prometheus",
    onUnknown: config.evaluation.onUnknown,
    changeWindows: config.deployments.map(({ name }) => name),
  });
}
