import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { glob } from "tinyglobby";
import { formatMistakes } from "../documents/format.ts";
import { hasErrors, type Mistake } from "../documents/mistakes.ts";
import { readBounded } from "../http/small-file.ts";
import { loadRules } from "../rules/load.ts";
import type { RuleGroup } from "../rules/types.ts";
import { UserMistake } from "./user-mistake.ts";

/** The rule files that ship with the program, beside `dist/`. */
const PACKAGED = resolve(dirname(fileURLToPath(import.meta.url)), "../../rules");

/** Of a configuration, a rule file or a file of tests. */
const MAX_FILE_BYTES = 16_777_216;

/** Which rule files to read. */
export interface RuleSources {
  /** Whether the packaged pack is among them. */
  readonly packaged: boolean;
  /** Files or globs, relative to `base`. */
  readonly patterns: readonly string[];
  readonly base: string;
}

export interface RuleText {
  readonly file: string;
  readonly text: string;
}

/**
 * Reads rule files: the packaged pack first, then each pattern's files in the order of their names.
 * @throws UserMistake when a pattern matches nothing, or a file cannot be read
 */
export async function readRuleFiles(sources: RuleSources): Promise<readonly RuleText[]> {
  const packaged = sources.packaged ? await filesOf("*.yml", PACKAGED) : [];
  const paths = [...packaged];
  for (const pattern of sources.patterns) {
    const found = await filesOf(pattern, sources.base);
    if (found.length === 0)
      throw new UserMistake(`Cannot find rule files "${pattern}": nothing matches in ${sources.base}`);
    paths.push(...found);
  }
  return Promise.all([...new Set(paths)].map(readText));
}

/**
 * Loads rules, or says what is wrong with the files.
 * @throws UserMistake carrying every mistake of every file
 */
export async function loadRuleGroups(sources: RuleSources): Promise<readonly RuleGroup[]> {
  const { groups, mistakes } = loadRules(await readRuleFiles(sources));
  if (!hasErrors(mistakes)) return groups;
  const overrides = mistakes.some(({ message }) => message.startsWith("Cannot override alert"));
  const note =
    "--rules and packaged_rules: false leave the packaged rules out: name them too, or use rule_files in a config";
  const { message } = mistakesOf(mistakes);
  throw new UserMistake(overrides && !sources.packaged ? `${message}\n${note}` : message, mistakes);
}

export const mistakesOf = (mistakes: readonly Mistake[]): UserMistake =>
  new UserMistake(formatMistakes(mistakes, { color: false }).trimEnd(), mistakes);

async function filesOf(pattern: string, base: string): Promise<readonly string[]> {
  const found = await glob(pattern, { cwd: base, absolute: true, expandDirectories: false, dot: true });
  return found.map((path) => resolve(path)).sort();
}

/**
 * Reads a file of at most 16 MiB, and names it as people call it: relative to the working directory where it lies below that.
 * @throws UserMistake when it cannot be read
 */
export async function readText(path: string): Promise<RuleText> {
  const shown = relative(process.cwd(), path);
  const file = shown.startsWith("..") ? path : shown;
  try {
    return { file, text: await readBounded(path, MAX_FILE_BYTES) };
  } catch (error) {
    throw new UserMistake(`Cannot read ${file}: ${(error as Error).message}`);
  }
}
