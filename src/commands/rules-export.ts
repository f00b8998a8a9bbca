import { writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { exportEffectiveRules } from "../app/rules-export.ts";
import { type DurationMs, formatDuration } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";
import { durationArgument } from "./arguments.ts";
import { EXIT } from "./exit.ts";
import { Output } from "./output.ts";
import { VERSION } from "./version.ts";

interface Flags {
  readonly to: "prometheus";
  readonly strict: boolean;
  readonly config?: string;
  readonly rules?: readonly string[];
  readonly forVm: boolean;
  readonly interval?: DurationMs;
  readonly baselineWindow?: DurationMs;
  readonly job?: readonly string[];
  readonly output?: string;
}

/** `triton-sentinel rules export`: the rules as Prometheus can run them on a cluster. */
export function rulesExportCommand(): Command {
  return new Command("export")
    .description(
      "write the rules as plain recording and alerting rules for Prometheus, Mimir, Thanos or VictoriaMetrics",
    )
    .addOption(new Option("--to <system>", "what to write for").choices(["prometheus"]).makeOptionMandatory())
    .option("--strict", "exit with 1 if a rule cannot be exported without meaning something else", false)
    .option("--config <file>", "configuration file")
    .option("--rules <glob...>", "rule files, in place of the packaged ones and those of the config")
    .option(
      "--job <name...>",
      'the jobs under which Triton is scraped there (default: those of the config, or "triton")',
    )
    .option("--interval <duration>", "how often it is scraped there (default: that of the config)", durationArgument)
    .option("--baseline-window <duration>", "how far back baselines look (default: 1d)", durationArgument)
    .option("--for-vm", "for VictoriaMetrics, whose rules see each other's results later", false)
    .option("-o, --output <file>", "write to a file instead of standard output")
    .addHelpText("after", "\nExample:\n  triton-sentinel rules export --to prometheus --job triton -o triton-rules.yml")
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { config, rules, interval, baselineWindow, job, forVm, output, strict } = flags;
  const made = await exportEffectiveRules({
    ...(config !== undefined && { config }),
    ...(rules !== undefined && { rules }),
    ...(interval !== undefined && { interval }),
    ...(baselineWindow !== undefined && { baselineWindow }),
    ...(job !== undefined && { jobs: job }),
    forVm,
    version: VERSION,
    command: commandLine(flags),
  });
  if (output !== undefined) await writeFile(output, made.text);
  else {
    const out = new Output();
    out.line(made.text.trimEnd());
    await out.end();
  }
  const refused = made.rules.flatMap(({ name, fidelity }) => (fidelity.kind === "refused" ? [{ name, fidelity }] : []));
  for (const { name, fidelity } of refused) {
    process.stderr.write(`not exported: ${printable(name)}: ${printable(fidelity.why ?? "")}\n`);
  }
  if (strict && refused.length > 0) process.exitCode = EXIT.findings;
}

/** The command that writes the same again, for the head of the file. */
function commandLine({ strict, config, rules, forVm, interval, baselineWindow, job }: Flags): string {
  return [
    "triton-sentinel rules export --to prometheus",
    ...(strict ? ["--strict"] : []),
    ...(config !== undefined ? ["--config", quoted(config)] : []),
    ...(rules !== undefined ? ["--rules", ...rules.map(quoted)] : []),
    ...(job !== undefined ? ["--job", ...job.map(quoted)] : []),
    ...(interval !== undefined ? ["--interval", formatDuration(interval)] : []),
    ...(baselineWindow !== undefined ? ["--baseline-window", formatDuration(baselineWindow)] : []),
    ...(forVm ? ["--for-vm"] : []),
  ].join(" ");
}

/** A word as a shell reads it back. */
const quoted = (word: string): string =>
  /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
