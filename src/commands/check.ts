import { Command, Option } from "commander";
import { type CheckResult, checkConfigs, checkRules } from "../app/check.ts";
import { formatMistakes } from "../documents/format.ts";
import { hasErrors } from "../documents/mistakes.ts";
import { checkTargetCommand } from "./check-target.ts";
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
        .action(async (files: readonly string[], flags: Flags) => tell(await checkRules(files), flags)),
    )
    .addCommand(
      new Command("config")
        .description("check configuration files, and the rule files they name")
        .argument("<file...>", "configuration files")
        .addOption(color)
        .action(async (files: readonly string[], flags: Flags) => tell(await checkConfigs(files), flags)),
    )
    .addCommand(checkTargetCommand());
}

/** Prints mistakes, or that there are none. */
function tell({ checked, mistakes, unreadable }: CheckResult, { color }: Flags): void {
  const terminal = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;
  process.stdout.write(formatMistakes(mistakes, { color: color === "always" || (color === "auto" && terminal) }));
  const errors = mistakes.filter(({ severity }) => severity === "error").length;
  const verdict = mistakes.length === 0 ? "no mistakes" : `errors: ${errors}, warnings: ${mistakes.length - errors}`;
  process.stdout.write(`checked ${checked}: ${verdict}\n`);
  for (const why of unreadable) process.stderr.write(`${why}\n`);
  if (hasErrors(mistakes) || unreadable.length > 0) process.exitCode = EXIT.mistake;
}
