import { Command, Option } from "commander";
import { type CheckResult, checkConfigs, checkRules } from "../app/check.ts";
import { checkRuleTests } from "../app/rule-tests/check-rule-tests.ts";
import { UserMistake } from "../app/user-mistake.ts";
import { hasErrors } from "../documents/mistakes.ts";
import { epochMs } from "../series/time.ts";
import { disentangle } from "./arguments.ts";
import { CHECK_FORMATS, type CheckFormat, formatCheck } from "./check-format.ts";
import { checkTargetCommand } from "./check-target.ts";
import { EXIT } from "./exit.ts";

interface Flags {
  readonly color: "auto" | "always" | "never";
  readonly format: CheckFormat;
  readonly strict: boolean;
}

interface RulesFlags extends Flags {
  readonly recording?: readonly string[];
}

/** `triton-sentinel check`: say everything that is wrong with files, at once. */
export function checkCommand(): Command {
  const rules = fileCommand(
    "rules",
    "check rule files (together with the packaged ones, so that overrides find their rules)",
    "[file...]",
  )
    .option("--recording <file...>", "replay recordings, and warn of exceptions that nothing in them needs")
    .action(async (given: readonly string[], flags: RulesFlags) => {
      const { values: recordings, args } = disentangle(flags.recording, given, isRuleFile);
      if (args.length === 0)
        throw new UserMistake('Cannot check nothing: expected a rule file, for example "rules.yml"');
      tell(await checkRules(args, now(), recordings), flags);
    });
  const config = fileCommand("config", "check configuration files, and the rule files they name").action(
    async (files: readonly string[], flags: Flags) => tell(await checkConfigs(files, now()), flags),
  );
  const tests = fileCommand("tests", "check files of rule tests, without running them").action(
    async (files: readonly string[], flags: Flags) => tell(await checkRuleTests(files), flags),
  );
  return new Command("check")
    .description("check files and print every mistake with its place")
    .addCommand(rules)
    .addCommand(config)
    .addCommand(tests)
    .addCommand(checkTargetCommand());
}

/** @param files in brackets where an option may have swallowed them */
function fileCommand(name: string, description: string, files = "<file...>"): Command {
  const color = new Option("--color <when>", "colour the output").choices(["auto", "always", "never"]).default("auto");
  const format = new Option("--format <format>", "for people, for programs, or as GitHub's workflow commands")
    .choices(CHECK_FORMATS)
    .default("text");
  return new Command(name)
    .description(description)
    .argument(files, "files or globs")
    .addOption(color)
    .addOption(format)
    .option("--strict", "warnings count as findings", false)
    .addHelpText(
      "after",
      "\nExit codes: 0 no mistakes, 1 warnings with --strict, 2 mistakes or files that cannot be read",
    );
}

const now = () => epochMs(Date.now());

const isRuleFile = (text: string): boolean => /\.ya?ml$/.test(text);

/** Prints mistakes, or that there are none. */
function tell(result: CheckResult, { color, format, strict }: Flags): void {
  const { mistakes, unreadable } = result;
  const terminal = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;
  process.stdout.write(formatCheck(result, format, color === "always" || (color === "auto" && terminal)));
  if (format === "text") for (const why of unreadable) process.stderr.write(`${why}\n`);
  if (hasErrors(mistakes) || unreadable.length > 0) process.exitCode = EXIT.mistake;
  else if (strict && mistakes.some(({ severity }) => severity === "warning")) process.exitCode = EXIT.findings;
}
