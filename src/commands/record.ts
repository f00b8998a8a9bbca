import { Command, Option } from "commander";
import { record } from "../app/record.ts";
import { readSettings } from "../app/settings.ts";
import { staticTargets } from "../app/static-targets.ts";
import { systemClock } from "../app/system-clock.ts";
import { type DurationMs, durationMs, formatDuration, SECOND } from "../series/time.ts";
import { durationArgument, intervalArgument } from "./arguments.ts";
import { EXIT } from "./exit.ts";
import { VERSION } from "./version.ts";

interface Flags {
  readonly out: string;
  readonly scrapeInterval: DurationMs;
  readonly for?: DurationMs;
}

/** `triton-sentinel record`: keep scrapes, for `replay`. */
export function recordCommand(): Command {
  return new Command("record")
    .description("scrape metrics pages and write every scrape into a recording, for replay")
    .argument("<url...>", "metrics pages; a bare host means port 8002")
    .requiredOption("-o, --out <file>", "the recording to write (.jsonl or .jsonl.gz); it must not exist yet")
    .addOption(
      new Option("--scrape-interval <duration>", "how often to scrape")
        .argParser(intervalArgument)
        .default(SECOND, formatDuration(SECOND)),
    )
    .option("--for <duration>", "stop after this long (default: at Ctrl-C)", durationArgument)
    .addHelpText("after", "\nExample:\n  triton-sentinel record http://gpu-7:8002/metrics -o monday.jsonl.gz --for 10m")
    .action(start);
}

async function start(urls: readonly string[], flags: Flags): Promise<void> {
  const { config } = await readSettings({ urls });
  const targets = staticTargets(config.jobs).map(({ url, labels, job, scrapeTimeout }) => ({
    url,
    instance: labels.get("instance") ?? url,
    timeout: durationMs(Math.min(scrapeTimeout, flags.scrapeInterval)),
    bodySizeLimit: job.bodySizeLimit,
  }));
  const plan = { targets, interval: flags.scrapeInterval, file: flags.out, version: VERSION };
  const recording = await record(plan, systemClock, (error) => {
    process.stderr.write(`Cannot write ${flags.out}: ${(error as Error).message}\n`);
    process.exit(EXIT.mistake);
  });
  process.stderr.write(`recording into ${flags.out} every ${formatDuration(flags.scrapeInterval)}; Ctrl-C ends it\n`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve).once("SIGTERM", resolve);
    if (flags.for !== undefined) systemClock.setTimer(flags.for, resolve);
  });
  await recording.stop();
  const { scrapes, pages } = recording.written();
  process.stderr.write(`${scrapes} scrapes written (${scrapes - pages} failed)\n`);
  if (scrapes > 0 && pages === 0) process.exitCode = EXIT.unreachable;
}
