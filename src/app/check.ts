import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { loadConfig } from "../config/load-config.ts";
import type { Mistake } from "../documents/mistakes.ts";
import { loadRules } from "../rules/load.ts";
import { readRuleFiles } from "./rule-files.ts";
import { environment } from "./settings.ts";
import { UserMistake } from "./user-mistake.ts";

/** What a check looked at, in words, and everything that is wrong with it. */
export interface CheckResult {
  readonly checked: string;
  readonly mistakes: readonly Mistake[];
}

/**
 * Checks rule files, together with the packaged ones so that overrides find their rules.
 * @throws UserMistake when a file cannot be read
 */
export async function checkRules(patterns: readonly string[]): Promise<CheckResult> {
  const given = await readRuleFiles({ packaged: false, patterns, base: process.cwd() });
  const packaged = await readRuleFiles({ packaged: true, patterns: [], base: process.cwd() });
  const own = new Set(given.map(({ file }) => file));
  const { mistakes, groups } = loadRules([...packaged.filter(({ file }) => !own.has(file)), ...given]);
  const rules = groups.filter(({ file }) => own.has(file)).reduce((sum, group) => sum + group.rules.length, 0);
  return { checked: `${counted(own.size, "file")}, ${counted(rules, "rule")}`, mistakes };
}

/**
 * Checks configuration files and the rule files they name.
 * @throws UserMistake when a file cannot be read
 */
export async function checkConfigs(files: readonly string[]): Promise<CheckResult> {
  const mistakes: Mistake[] = [];
  for (const file of files) {
    const loaded = loadConfig(file, await textOf(file), environment());
    if (loaded.kind === "mistakes") mistakes.push(...loaded.mistakes);
    else {
      const { packagedRules: packaged, ruleFiles: patterns } = loaded.config;
      const base = resolve(file, "..");
      mistakes.push(...loadRules(await readRuleFiles({ packaged, patterns, base })).mistakes);
    }
  }
  return { checked: counted(files.length, "file"), mistakes };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UserMistake(`Cannot read ${file}: ${(error as Error).message}`);
  }
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
