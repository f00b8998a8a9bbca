import { dirname, resolve } from "node:path";
import { loadConfig } from "../config/load-config.ts";
import { hasErrors, type Mistake, sortMistakes } from "../documents/mistakes.ts";
import { DEFAULT_EVALUATION } from "../monitor/options.ts";
import { type LintOptions, lintRules, rulePaths } from "../rules/lint/lint-rules.ts";
import { type LoadedRules, loadRules, type PlacedRule } from "../rules/load.ts";
import { fieldsOf } from "../rules/provenance.ts";
import type { EpochMs } from "../series/time.ts";
import { countHits } from "./exception-hits.ts";
import { type RuleText, readRuleFiles, readText } from "./rule-files.ts";
import { environment, shortestInterval } from "./settings.ts";
import { unreadableFiles } from "./unreadable-files.ts";
import { kept } from "./user-mistake.ts";

/** What a check looked at, in words, and everything that is wrong with it. */
export interface CheckResult {
  readonly checked: string;
  readonly mistakes: readonly Mistake[];
  /** Why files could not be read, a sentence each; they hide no mistake of others. */
  readonly unreadable: readonly string[];
}

/**
 * Checks rule files, together with the packaged ones so that overrides find their rules. What is told is about the files given.
 * @param recordings in which exceptions must be of use
 */
export async function checkRules(
  patterns: readonly string[],
  now: EpochMs,
  recordings: readonly string[] = [],
): Promise<CheckResult> {
  const unreadable: string[] = [];
  const base = process.cwd();
  const read = (patterns: readonly string[]) => readRuleFiles({ packaged: false, patterns, base });
  const given = new Map<string, RuleText>();
  for (const pattern of patterns) {
    for (const one of (await kept(read([pattern]), unreadable)) ?? []) given.set(one.file, one);
  }
  const packaged = await readRuleFiles({ packaged: true, patterns: [], base });
  const files = [...packaged.filter(({ file }) => !given.has(file)), ...given.values()];
  const loaded = loadRules(files);
  const replays = recordings.length > 0 && !hasErrors(loaded.mistakes);
  const sources = { packaged: true, patterns: files.map(({ file }) => resolve(file)), base };
  const hits = replays ? await kept(countHits(sources, recordings), unreadable) : undefined;
  const { interval } = DEFAULT_EVALUATION;
  // A copy of the packaged rules is no duplicate: which of them will run together only a configuration tells.
  const about = loaded.placed.filter((placed) => isAbout(placed, given));
  const lints = lintRules(
    { ...loaded, placed: about },
    { now, interval, scrapeInterval: interval, ...(hits && { hits }) },
  );
  const mistakes = sortMistakes(
    [...loaded.mistakes, ...lints.filter(({ file }) => given.has(file))],
    files.map(({ file }) => file),
  );
  const rules = countRules(loaded, given);
  return { checked: `${counted(given.size, "file")}, ${counted(rules, "rule")}`, mistakes, unreadable };
}

/** Checks configuration files and the rule files they name. */
export async function checkConfigs(files: readonly string[], now: EpochMs): Promise<CheckResult> {
  const mistakes: Mistake[] = [];
  const unreadable: string[] = [];
  let read = 0;
  for (const file of files) {
    const text = await kept(readText(file), unreadable);
    if (!text) continue;
    read++;
    const loaded = loadConfig(file, text.text, environment(), dirname(resolve(file)));
    if (loaded.kind === "mistakes") mistakes.push(...loaded.mistakes);
    else {
      mistakes.push(...loaded.warnings, ...(await unreadableFiles(loaded)));
      const { packagedRules: packaged, ruleFiles: patterns } = loaded.config;
      const sources = { packaged, patterns, base: dirname(resolve(file)) };
      const rules = await kept(readRuleFiles(sources), unreadable);
      const scrapeInterval = shortestInterval(loaded.config);
      const interval = loaded.config.global.evaluationInterval ?? scrapeInterval;
      if (rules) mistakes.push(...wrongWith(rules, { now, interval, scrapeInterval }));
    }
  }
  return { checked: counted(read, "file"), mistakes, unreadable };
}

function wrongWith(files: readonly RuleText[], options: LintOptions): readonly Mistake[] {
  const loaded = loadRules(files);
  return sortMistakes(
    [...loaded.mistakes, ...lintRules(loaded, options)],
    files.map(({ file }) => file),
  );
}

/** Whether a rule stands in one of some files, or one of them changes it. */
const isAbout = (placed: PlacedRule, given: ReadonlyMap<string, RuleText>): boolean =>
  given.has(placed.document.source.file) || fieldsOf(placed).some(({ from }) => from && given.has(from.file));

/** How many rules the files given hold, whatever is wrong with them. */
const countRules = ({ documents }: LoadedRules, given: ReadonlyMap<string, RuleText>): number =>
  documents.reduce((sum, { source, root }) => sum + (given.has(source.file) ? [...rulePaths(root)].length : 0), 0);

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
