import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { UserMistake } from "../app/user-mistake.ts";
import { EXIT } from "./exit.ts";
import { replayCommand } from "./replay.ts";

/** The version of the package, from its own package.json. */
export const VERSION: string = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;

/** Runs the command line; sets the exit code and returns. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("triton-sentinel")
    .description("security monitor for NVIDIA Triton Inference Server")
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError();
  for (const command of [replayCommand()]) program.addCommand(command.exitOverride());
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.mistake;
    } else if (error instanceof UserMistake || isFileProblem(error) || error instanceof RangeError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = EXIT.mistake;
    } else throw error;
  }
}

/** A file that is not there or may not be read. */
const isFileProblem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "path" in error;
