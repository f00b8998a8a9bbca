import { userInfo } from "node:os";
import { Command } from "commander";
import { announce } from "../app/announce.ts";
import { type AccessFlags, accessOf, withAccess } from "./action-access.ts";
import { durationArgument } from "./arguments.ts";
import { EXIT } from "./exit.ts";

interface Flags extends AccessFlags {
  readonly model: string;
  readonly modelVersion?: string;
  readonly instance?: string;
  readonly ttl: string;
  readonly by?: string;
  readonly reason: string;
}

/** A duration that is handed on in the words it was given in. */
function asWritten(text: string): string {
  durationArgument(text);
  return text;
}

/** `triton-sentinel announce`: tell a running monitor that a model change is coming. */
export function announceCommand(): Command {
  const command = new Command("announce")
    .description("announce a model change to a running triton-sentinel, so that it raises no alert")
    .requiredOption("--model <name>", "the model that will be loaded, reloaded or unloaded")
    .option("--model-version <version>", "its version; without it any")
    .option("--instance <instance>", "the server, as in the instance label; without it any")
    .requiredOption("--ttl <duration>", "how long the announcement is good for, from now", asWritten)
    .requiredOption("--reason <text>", "why, and where to read more")
    .option("--by <name>", "who announces it (default: the user that runs this)");
  return withAccess(command)
    .addHelpText(
      "after",
      "\nExample, in a release pipeline:\n  triton-sentinel announce --model bert --ttl 10m --reason 'release 42' --by ci --token-file token",
    )
    .action(async (flags: Flags) => {
      const { model, modelVersion: version, instance, ttl, reason } = flags;
      const said = await announce(accessOf(flags, "announce"), {
        model,
        ...(version !== undefined && { version }),
        ...(instance !== undefined && { instance }),
        ttl,
        by: flags.by ?? userInfo().username,
        reason,
      });
      if (said.kind === "accepted") {
        process.stdout.write(`announced: ${model} may change until ${said.until}\n`);
        return;
      }
      process.stderr.write(`Cannot announce the change: ${said.why}\n`);
      process.exitCode = said.kind === "unreachable" ? EXIT.unreachable : EXIT.mistake;
    });
}
