import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { glob } from "tinyglobby";
import { hasErrors, type Mistake, sortMistakes } from "../../documents/mistakes.ts";
import { lineAt, type Place, type Source, source } from "../../documents/source.ts";
import { loadRules } from "../../rules/load.ts";
import { mistakesAgainst } from "../../rules/tests/against-rules.ts";
import { loadRuleTests } from "../../rules/tests/load.ts";
import type { RuleTest, RuleTestFile } from "../../rules/tests/types.ts";
import type { RuleGroup } from "../../rules/types.ts";
import { type RuleText, readRuleFiles, readText } from "../rule-files.ts";
import { kept } from "../user-mistake.ts";
import { feedOf } from "./moments.ts";
import { detects, ownsOf } from "./run-test.ts";
import { whyNoLine } from "./synthetic-targets.ts";

/** A file of tests with the rules it names, ready to run. */
export interface ReadyTests {
  readonly tests: RuleTestFile;
  /** The folder that paths of the file are relative to. */
  readonly folder: string;
  /** In the order in which they run. */
  readonly groups: readonly RuleGroup[];
}

/** Files of tests, and everything that is wrong with them and with the rules they name. */
export interface LoadedTestFiles {
  /** Those that can be run. */
  readonly files: readonly ReadyTests[];
  readonly mistakes: readonly Mistake[];
  /** Why files could not be read, a sentence each. */
  readonly unreadable: readonly string[];
  /** How many files of tests there are. */
  readonly read: number;
}

/** Loads files of rule tests and their rules. Never throws for what a person wrote. */
export async function loadTestFiles(patterns: readonly string[]): Promise<LoadedTestFiles> {
  const unreadable: string[] = [];
  const mistakes: Mistake[] = [];
  const files: ReadyTests[] = [];
  const paths = await pathsOf(patterns, unreadable);
  for (const path of paths) {
    const text = await kept(readText(path), unreadable);
    if (!text) continue;
    const loaded = loadRuleTests(text.file, text.text);
    mistakes.push(...loaded.mistakes);
    if (!loaded.file) continue;
    const ready = await withRules(loaded.file, source(text.file, text.text), dirname(path));
    mistakes.push(...ready.mistakes);
    if (!hasErrors([...loaded.mistakes, ...ready.mistakes])) files.push(ready.file);
  }
  return { files, mistakes: sortMistakes(mistakes), unreadable, read: paths.length };
}

async function pathsOf(patterns: readonly string[], unreadable: string[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const pattern of patterns) {
    const found = await glob(pattern, { absolute: true, expandDirectories: false, dot: true });
    if (found.length === 0) unreadable.push(`Cannot find rule tests "${pattern}": nothing matches`);
    paths.push(...found.map((path) => resolve(path)).sort());
  }
  return [...new Set(paths)];
}

async function withRules(
  tests: RuleTestFile,
  text: Source,
  folder: string,
): Promise<{ readonly file: ReadyTests; readonly mistakes: readonly Mistake[] }> {
  const mistakes: Mistake[] = [];
  const rules = new Map<string, RuleText>();
  const read = async (packaged: boolean, patterns: readonly string[]) => {
    for (const one of await readRuleFiles({ packaged, patterns, base: folder })) rules.set(one.file, one);
  };
  if (tests.packagedRules) await read(true, []);
  for (const { value, place } of tests.ruleFiles) {
    const why: string[] = [];
    await kept(read(false, [value]), why);
    for (const message of why) mistakes.push(mistakeAtPlace(text, place, "error", message));
  }
  const loaded = loadRules([...rules.values()]);
  // What to look at in the rules is for `check rules` to say.
  mistakes.push(...loaded.mistakes.filter(({ severity }) => severity === "error"));
  const groups = inOrder(loaded.groups, tests);
  if (!hasErrors(mistakes)) {
    for (const { place, severity, message } of mistakesAgainst(tests, groups)) {
      mistakes.push(mistakeAtPlace(text, place, severity, message));
    }
    for (const test of tests.tests) mistakes.push(...(await inputMistakes(test, groups, text, folder)));
  }
  return { file: { tests, folder, groups }, mistakes };
}

/** Groups as `group_eval_order` wants them; those it does not name come with the first, as in promtool. */
function inOrder(groups: readonly RuleGroup[], { groupOrder }: RuleTestFile): readonly RuleGroup[] {
  const rank = new Map(groupOrder.map(({ value }, i) => [value, i]));
  return groups.toSorted((a, b) => (rank.get(a.name) ?? 0) - (rank.get(b.name) ?? 0));
}

async function inputMistakes(
  { input }: RuleTest,
  groups: readonly RuleGroup[],
  text: Source,
  folder: string,
): Promise<readonly Mistake[]> {
  if (input.kind === "series") {
    const { scraped } = feedOf(input.series, detects(groups), ownsOf(groups));
    return scraped.flatMap((series) => {
      const why = whyNoLine(series);
      return why === undefined ? [] : [mistakeAtPlace(text, series.place, "error", why)];
    });
  }
  try {
    await stat(resolve(folder, input.path));
    return [];
  } catch (error) {
    const message = `Cannot read recording ${JSON.stringify(input.path)}: ${(error as Error).message}`;
    return [mistakeAtPlace(text, input.place, "error", message)];
  }
}

/** A scalar or a key where it begins. */
const WORD = /^(?:"[^"]*"|'[^']*'|[^\s,}\]]+)/;

/** A mistake of which only the beginning is known: the word there is meant. */
function mistakeAtPlace(
  from: Source,
  { file, line, column }: Place,
  severity: Mistake["severity"],
  message: string,
): Mistake {
  const { text: sourceLine } = lineAt(from, from.lineStarts[line - 1]!);
  const rest = Array.from(sourceLine)
    .slice(column - 1)
    .join("");
  const length = Math.max(1, Array.from(WORD.exec(rest)?.[0] ?? "").length);
  return { file, line, column, length, severity, message, sourceLine };
}
