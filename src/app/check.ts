import { dirname, resolve } from "node:path";
import { loadConfig } from "../config/load-config.ts";
import type { Mistake } from "../documents/mistakes.ts";
import { loadRules } from "../rules/load.ts";
import { type RuleText, readRuleFiles, readText } from "./rule-files.ts";
import { environment } from "./settings.ts";
import { UserMistake } from "./user-mistake.ts";

/** What a check looked at, in words, and everything that is wrong with it. */
export interface CheckResult {
  readonly checked: string;
  readonly mistakes: readonly Mistake[];
  /** Why files could not be read, a sentence each; they hide no mistake of others. */
  readonly unreadable: readonly string[];
}

/** Checks rule files, together with the packaged ones so that overrides find their rules. */
export async function checkRules(patterns: readonly string[]): Promise<CheckResult> {
  const unreadable: string[] = [];
  const base = process.cwd();
  const read = (patterns: readonly string[]) => readRuleFiles({ packaged: false, patterns, base });
  const given = new Map<string, RuleText>();
  for (const pattern of patterns) {
    for (const one of (await kept(read([pattern]), unreadable)) ?? []) given.set(one.file, one);
  }
  const packaged = await readRuleFiles({ packaged: true, patterns: [], base });
  const { mistakes, groups } = loadRules([...packaged.filter(({ file }) => !given.has(file)), ...given.values()]);
  const rules = groups.filter(({ file }) => given.has(file)).reduce((sum, group) => sum + group.rules.length, 0);
  return { checked: `${counted(given.size, "file")}, ${counted(rules, "rule")}`, mistakes, unreadable };
}

/** Checks configuration files and the rule files they name. */
export async function checkConfigs(files: readonly string[]): Promise<CheckResult> {
  const mistakes: Mistake[] = [];
  const unreadable: string[] = [];
  for (const file of files) {
    const read = await kept(readText(file), unreadable);
    if (!read) continue;
    const loaded = loadConfig(file, read.text, environment(), dirname(resolve(file)));
    if (loaded.kind === "mistakes") {
      mistakes.push(...loaded.mistakes);
      continue;
    }
    const { packagedRules: packaged, ruleFiles: patterns } = loaded.config;
    const rules = await kept(readRuleFiles({ packaged, patterns, base: dirname(resolve(file)) }), unreadable);
    if (rules) mistakes.push(...loadRules(rules).mistakes);
  }
  return { checked: counted(files.length, "file"), mistakes, unreadable };
}

/** What the work gives; where the user made a mistake its message goes on the list, and nothing is given. */
async function kept<T>(work: Promise<T>, unreadable: string[]): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof UserMistake)) throw error;
    unreadable.push(error.message);
    return undefined;
  }
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
