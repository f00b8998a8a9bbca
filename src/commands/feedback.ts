import { userInfo } from "node:os";
import { Command, Option } from "commander";
import { giveFeedback } from "../app/give-feedback.ts";
import { type AccessFlags, accessOf, withAccess } from "./action-access.ts";
import { EXIT } from "./exit.ts";

interface Flags extends AccessFlags {
  readonly verdict: "true" | "false" | "expected";
  readonly note?: string;
  readonly by?: string;
}

/** `triton-sentinel feedback`: tell a running monitor whether an alert was right. */
export function feedbackCommand(): Command {
  const verdict = new Option("--verdict <verdict>", "it was right, a false alarm, or right and no harm")
    .choices(["true", "false", "expected"])
    .makeOptionMandatory();
  const command = new Command("feedback")
    .description("say of an alert whether it was right; what was expected or a false alarm is learned as normal")
    .argument("<fingerprint>", "of an alert that is listed: the last part of its page's address")
    .addOption(verdict)
    .option("--note <text>", "why, for those who read it later")
    .option("--by <name>", "who says so (default: the user that runs this)");
  return withAccess(command)
    .addHelpText(
      "after",
      "\nExample:\n  triton-sentinel feedback 0c61ec0a207c29d4 --verdict expected --note 'load test' --token-file token",
    )
    .action(async (fingerprint: string, flags: Flags) => {
      const { verdict, note = "", by = userInfo().username } = flags;
      const said = await giveFeedback(accessOf(flags, "give feedback"), fingerprint, { verdict, note, by });
      if (said.kind === "accepted") {
        process.stdout.write(`recorded as ${verdict}: ${said.did}\n`);
        return;
      }
      process.stderr.write(`Cannot give feedback: ${said.why}\n`);
      process.exitCode = said.kind === "unreachable" ? EXIT.unreachable : EXIT.mistake;
    });
}
