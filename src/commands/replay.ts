import { Command, Option } from "commander";
import { replay, transitionLine } from "../app/replay.ts";
import { readSettings } from "../app/settings.ts";
import { UserMistake } from "../app/user-mistake.ts";
import type { MonitorEvent } from "../monitor/events.ts";
import { printable } from "../telemetry/printable.ts";
import { disentangle } from "./arguments.ts";
import { EXIT } from "./exit.ts";
import { summaryText, transitionText } from "./lines.ts";
import { Output } from "./output.ts";

interface Flags {
  readonly rules?: readonly string[];
  readonly config?: string;
  readonly format: "json" | "table";
  readonly failOn?: "firing";
}

const isRecording = (text: string): boolean => text === "-" || /\.jsonl(\.gz)?$/.test(text);

/** `triton-sentinel replay`: what would have been alerted, over recorded scrapes. */
export function replayCommand(): Command {
  return new Command("replay")
    .description("run the rules over recorded scrapes, on the recording's clock, and print what alerts would have done")
    .argument("[recording...]", "recordings (.jsonl, .jsonl.gz, or - for standard input)")
    .option("--rules <glob...>", "rule files, in place of the packaged ones and those of the config")
    .option("--config <file>", "configuration file")
    .addOption(new Option("--format <format>", "what to print").choices(["json", "table"]).default("table"))
    .addOption(
      new Option(
        "--fail-on <state>",
        "exit with 1 if any alert but a watchdog (severity none) reached this state",
      ).choices(["firing"]),
    )
    .addHelpText("after", "\nExample:\n  triton-sentinel replay --format json monday.jsonl.gz")
    .action(run);
}

async function run(given: readonly string[], flags: Flags): Promise<void> {
  const began = performance.now();
  const { values: rules, args: recordings } = disentangle(flags.rules, given, isRecording);
  if (recordings.length === 0) {
    throw new UserMistake('Cannot replay nothing: expected a recording, for example "monday.jsonl.gz"');
  }
  const settings = await readSettings({
    urls: [],
    ...(flags.config !== undefined && { config: flags.config }),
    ...(rules !== undefined && { rules }),
  });
  const out = new Output();
  let fired = false;
  const tell = (event: MonitorEvent): void => {
    if (event.kind === "bug") process.stderr.write(`bug: ${printable(String(event.error))}\n`);
    if (event.kind === "rule-failed") process.stderr.write(`rule failed: ${event.rule}: ${printable(event.why)}\n`);
    if (event.kind === "alerts-cut") process.stderr.write(`limit cuts off alerts: ${event.rule}: ${event.cut}\n`);
    if (event.kind !== "transition") return;
    const { transition } = event;
    // A watchdog always fires; it says so with its severity.
    fired ||= transition.state === "firing" && transition.labels.get("severity") !== "none";
    if (flags.format === "json") out.line(JSON.stringify(transitionLine(transition)));
    else out.line(transitionText(transition));
  };
  const summary = await replay(settings, recordings, tell);
  if (flags.format === "json") {
    out.line(JSON.stringify({ summary: { ...summary, wall_ms: Math.round(performance.now() - began) } }));
  } else {
    out.line(summaryText(summary));
  }
  await out.end();
  if (flags.failOn === "firing" && fired) process.exitCode = EXIT.findings;
}
