import { userInfo } from "node:os";
import { resolve } from "node:path";
import { Command } from "commander";
import { announce } from "../app/announce.ts";
import { UserMistake } from "../app/user-mistake.ts";
import { durationArgument } from "./arguments.ts";
import { EXIT } from "./exit.ts";
import { VERSION } from "./version.ts";

const DEFAULT_URL = "http://127.0.0.1:9464";
/** Where a pipeline keeps the token: a variable does not show in the list of processes, as an argument would. */
const TOKEN_VARIABLE = "TRITON_SENTINEL_TOKEN";

interface Flags {
  readonly url: string;
  readonly model: string;
  readonly version?: string;
  readonly instance?: string;
  readonly ttl: string;
  readonly by?: string;
  readonly reason: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
}

/** A duration that is handed on in the words it was given in. */
function asWritten(text: string): string {
  durationArgument(text);
  return text;
}

/** `triton-sentinel announce`: tell a running monitor that a model change is coming. */
export function announceCommand(): Command {
  return new Command("announce")
    .description("announce a model change to a running triton-sentinel, so that it raises no alert")
    .requiredOption("--model <name>", "the model that will be loaded, reloaded or unloaded")
    .option("--model-version <version>", "its version; without it any")
    .option("--instance <instance>", "the server, as in the instance label; without it any")
    .requiredOption("--ttl <duration>", "how long the announcement is good for, from now", asWritten)
    .requiredOption("--reason <text>", "why, and where to read more")
    .option("--by <name>", "who announces it (default: the user that runs this)")
    .option("--url <url>", "where triton-sentinel serves", DEFAULT_URL)
    .option("--token-file <file>", `file with an API token (default: the environment variable ${TOKEN_VARIABLE})`)
    .option("--ca-file <file>", "certificate authority of an https URL")
    .addHelpText(
      "after",
      "\nExample, in a release pipeline:\n  triton-sentinel announce --model bert --ttl 10m --reason 'release 42' --by ci --token-file token",
    )
    .action(async (flags: Flags & { readonly modelVersion?: string }) => {
      const token = process.env[TOKEN_VARIABLE];
      const { model, modelVersion: version, instance, ttl, reason } = flags;
      if (flags.tokenFile === undefined && token === undefined) {
        throw new UserMistake(`Cannot announce without a token: expected --token-file or ${TOKEN_VARIABLE}`);
      }
      const said = await announce({
        url: flags.url,
        token: flags.tokenFile === undefined ? { text: token! } : { file: resolve(flags.tokenFile) },
        ...(flags.caFile !== undefined && { caFile: resolve(flags.caFile) }),
        userAgent: `triton-sentinel/${VERSION}`,
        announcement: {
          model,
          ...(version !== undefined && { version }),
          ...(instance !== undefined && { instance }),
          ttl,
          by: flags.by ?? userInfo().username,
          reason,
        },
      });
      if (said.kind === "accepted") {
        process.stdout.write(`announced: ${model} may change until ${said.until}\n`);
        return;
      }
      process.stderr.write(`Cannot announce the change: ${said.why}\n`);
      process.exitCode = said.kind === "unreachable" ? EXIT.unreachable : EXIT.mistake;
    });
}
