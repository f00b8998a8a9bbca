import { exportRules } from "../../../src/rules/export/export-rules.ts";
import type { ExportOptions, RuleExport } from "../../../src/rules/export/types.ts";
import { loadRules } from "../../../src/rules/load.ts";
import type { RuleGroup } from "../../../src/rules/types.ts";
import { DAY, durationMs } from "../../../src/series/time.ts";

export const OPTIONS: ExportOptions = {
  version: "1.2.3",
  command: "triton-sentinel rules export --to prometheus",
  interval: durationMs(15_000),
  baselineWindow: DAY,
  jobs: ["triton"],
  dialect: "prometheus",
  onUnknown: "hold",
  changeWindows: [],
};

/** The groups of a rule file, which must have no mistake. */
function groupsOf(text: string): readonly RuleGroup[] {
  const { groups, mistakes } = loadRules([{ file: "my.yml", text }]);
  if (mistakes.length > 0) throw new Error(JSON.stringify(mistakes.map(({ message }) => message)));
  return groups;
}

/** A rule file, exported. */
export const exported = (text: string, options: Partial<ExportOptions> = {}): RuleExport =>
  exportRules(groupsOf(text), { ...OPTIONS, ...options });

/** A rule file of one group of rules, each written as YAML of one line. */
export const fileOf = (...rules: readonly string[]): string =>
  `groups:\n- name: mine\n  rules:\n${rules.map((rule) => `  - {${rule}}\n`).join("")}`;
