import { Command, CommanderError } from "commander";
import { UserMistake } from "../app/user-mistake.ts";
import { printable } from "../telemetry/printable.ts";
import { announceCommand } from "./announce.ts";
import { backtestCommand } from "./backtest.ts";
import { checkCommand } from "./check.ts";
import { EXIT } from "./exit.ts";
import { explainCommand } from "./explain.ts";
import { feedbackCommand } from "./feedback.ts";
import { healthcheckCommand } from "./healthcheck.ts";
import { initCommand } from "./init.ts";
import { outputsCommand } from "./outputs.ts";
import { queryCommand } from "./query.ts";
import { recordCommand } from "./record.ts";
import { replayCommand } from "./replay.ts";
import { rulesCommand } from "./rules.ts";
import { runCommand } from "./run.ts";
import { schemaCommand } from "./schema.ts";
import { testCommand } from "./test.ts";
import { VERSION } from "./version.ts";

const COMMANDS = [
  runCommand,
  initCommand,
  checkCommand,
  rulesCommand,
  testCommand,
  outputsCommand,
  announceCommand,
  feedbackCommand,
  replayCommand,
  backtestCommand,
  recordCommand,
  queryCommand,
  explainCommand,
  schemaCommand,
  healthcheckCommand,
];

/** Runs the command line; sets the exit code and returns. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("triton-sentinel")
    .description("security monitor for NVIDIA Triton Inference Server")
    .version(VERSION)
    .showSuggestionAfterError()
    .addHelpText("after", "\nExit codes: 0 ok, 1 findings, 2 wrong usage or a mistake in a file, 3 target unreachable");
  for (const command of COMMANDS) program.addCommand(command());
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    command.exitOverride();
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.mistake;
    } else if (error instanceof UserMistake || isFileProblem(error) || error instanceof RangeError) {
      process.stderr.write(`${error instanceof UserMistake ? error.message : printable(error.message)}\n`);
      process.exitCode = EXIT.mistake;
    } else throw error;
  }
}

/** A file that is not there or may not be read. */
const isFileProblem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "path" in error;
