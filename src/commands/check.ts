import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { readRuleFiles } from "../app/rule-files.ts";
import { environment } from "../app/settings.ts";
import { UserMistake } from "../app/user-mistake.ts";
import { loadConfig } from "../config/load-config.ts";
import { formatMistakes } from "../documents/format.ts";
import { hasErrors, type Mistake } from "../documents/mistakes.ts";
import { loadRules } from "../rules/load.ts";
import { EXIT } from "./exit.ts";

interface Flags {
  readonly color: "auto" | "always" | "never";
}

/** `triton-sentinel check`: say everything that is wrong with files, at once. */
export function checkCommand(): Command {
  const color = new Option("--color <when>", "colour the output").choices(["auto", "always", "never"]).default("auto");
  return new Command("check")
    .description("check files and print every mistake with its place")
    .addCommand(
      new Command("rules")
        .description("check rule files (together with the packaged ones, so that overrides find their rules)")
        .argument("<file...>", "rule files or globs")
        .addOption(color)
        .action(checkRules),
    )
    .addCommand(
      new Command("config")
        .description("check configuration files, and the rule files they name")
        .argument("<file...>", "configuration files")
        .addOption(color)
        .action(checkConfigs),
    );
}

async function checkRules(files: readonly string[], flags: Flags): Promise<void> {
  const given = await readRuleFiles({ packaged: false, patterns: files, base: process.cwd() });
  const packaged = await readRuleFiles({ packaged: true, patterns: [], base: process.cwd() });
  const own = new Set(given.map(({ file }) => file));
  const { mistakes, groups } = loadRules([...packaged.filter(({ file }) => !own.has(file)), ...given]);
  const rules = groups.filter(({ file }) => own.has(file)).reduce((sum, { rules }) => sum + rules.length, 0);
  tell(mistakes, flags, `${own.size} files, ${rules} rules`);
}

async function checkConfigs(files: readonly string[], flags: Flags): Promise<void> {
  const mistakes: Mistake[] = [];
  for (const file of files) {
    let text: string;
    try {
      text = await readFile(file, "utf8");
    } catch (error) {
      throw new UserMistake(`Cannot read ${file}: ${(error as Error).message}`);
    }
    const loaded = loadConfig(file, text, environment());
    if (loaded.kind === "mistakes") mistakes.push(...loaded.mistakes);
    else {
      const { packagedRules, ruleFiles } = loaded.config;
      const base = resolve(file, "..");
      mistakes.push(...loadRules(await readRuleFiles({ packaged: packagedRules, patterns: ruleFiles, base })).mistakes);
    }
  }
  tell(mistakes, flags, `${files.length} files`);
}

/** Prints mistakes, or that there are none. */
function tell(mistakes: readonly Mistake[], { color }: Flags, checked: string): void {
  const terminal = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;
  process.stdout.write(formatMistakes(mistakes, { color: color === "always" || (color === "auto" && terminal) }));
  const errors = mistakes.filter(({ severity }) => severity === "error").length;
  const verdict = mistakes.length === 0 ? "no mistakes" : `${errors} errors, ${mistakes.length - errors} warnings`;
  process.stdout.write(`checked ${checked}: ${verdict}\n`);
  if (hasErrors(mistakes)) process.exitCode = EXIT.mistake;
}
