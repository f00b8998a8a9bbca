import { Command } from "commander";
import { discovering, discoveryPorts } from "../app/discovery-ports.ts";
import { outputLines } from "../app/notify/list-outputs.ts";
import { type NotifySettings, notifySettings } from "../app/notify/notify-settings.ts";
import { type TestedOutput, testOutputs } from "../app/notify/test-outputs.ts";
import { readSettings } from "../app/settings.ts";
import { systemClock } from "../app/system-clock.ts";
import type { Config } from "../config/config.ts";
import type { Outcome } from "../outputs/output.ts";
import { createLogger } from "../telemetry/log.ts";
import { printable } from "../telemetry/printable.ts";
import { EXIT } from "./exit.ts";
import { VERSION } from "./version.ts";

interface Flags {
  readonly config: string;
}

/** `triton-sentinel outputs`: who is told of alerts, and whether that works. */
export function outputsCommand(): Command {
  return new Command("outputs")
    .description("say who is told of alerts, and test whether that works")
    .addCommand(
      new Command("test")
        .description("send a marked test alert through every output, or through the one named")
        .argument("[name]", "an output's name, or an Alertmanager's address")
        .requiredOption("--config <file>", "configuration file")
        .addHelpText(
          "after",
          "\nExit codes: 0 all sent, 1 one was refused, 2 a mistake in the file, 3 one cannot be reached",
        )
        .action(test),
    )
    .addCommand(
      new Command("list")
        .description("list the outputs of a configuration")
        .requiredOption("--config <file>", "configuration file")
        .action(async (flags: Flags) => {
          const { settings } = await read(flags);
          for (const line of outputLines(settings)) process.stdout.write(`${printable(line)}\n`);
        }),
    );
}

async function test(name: string | undefined, flags: Flags): Promise<void> {
  const { settings, log } = await read(flags);
  const userAgent = `triton-sentinel/${VERSION}`;
  const ports = discoveryPorts(systemClock, userAgent, (_, why) => process.stderr.write(`${printable(why)}\n`));
  const tested = await testOutputs(settings, name, {
    clock: systemClock,
    userAgent,
    log: createLogger(log.level, log.format, process.stderr),
    discover: discovering(ports),
  });
  for (const output of tested) process.stdout.write(`${printable(lineOf(output))}\n`);
  const kinds = new Set(tested.map(({ outcome }) => outcome.kind));
  if (kinds.has("never")) process.exitCode = EXIT.findings;
  else if (kinds.has("later")) process.exitCode = EXIT.unreachable;
}

async function read({ config: file }: Flags): Promise<{ settings: NotifySettings; log: Config["log"] }> {
  const { config } = await readSettings({ config: file, urls: [] });
  return { settings: notifySettings(config, config.global.scrapeInterval, ""), log: config.log };
}

/** What came of it, for whoever has never heard of our outcomes. */
function inWords(outcome: Outcome): string {
  if (outcome.kind === "sent") return "sent";
  return outcome.kind === "never" ? `refused: ${outcome.why}` : `failed, would be tried again: ${outcome.why}`;
}

function lineOf({ kind, name, outcome }: TestedOutput): string {
  return `${name === "" ? kind : `${kind} ${name}`}: ${inWords(outcome)}`;
}
