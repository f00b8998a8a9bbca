import { Command, Option } from "commander";
import { type Running, run } from "../app/run.ts";
import { readSettings, type Settings } from "../app/settings.ts";
import { systemClock } from "../app/system-clock.ts";
import { UserMistake } from "../app/user-mistake.ts";
import type { Config } from "../config/config.ts";
import { type DurationMs, formatDuration } from "../series/time.ts";
import { Telemetry } from "../telemetry/telemetry.ts";
import { disentangle, intervalArgument, listenArgument } from "./arguments.ts";
import { transitionText } from "./lines.ts";
import { VERSION } from "./version.ts";

/** What is watched when nobody says what. */
const DEFAULT_URL = "http://localhost:8002/metrics";

interface Flags {
  readonly rules?: readonly string[];
  readonly config?: string;
  readonly scrapeInterval?: DurationMs;
  readonly listen?: Config["web"]["listenAddress"];
  readonly logLevel?: Config["log"]["level"];
  readonly logFormat?: Config["log"]["format"];
}

/** A URL, or a host with a port. */
const isAddress = (text: string): boolean => /:\/\/|:\d+$/.test(text);

/** `triton-sentinel run`: watch Tritons, print what alerts do, serve our own metrics. */
export function runCommand(): Command {
  return new Command("run")
    .description("watch Triton servers, print what alerts do, and serve our own /metrics")
    .argument("[url...]", `metrics pages to watch (default: ${DEFAULT_URL}); a bare host means port 8002`)
    .option("--rules <glob...>", "rule files, in place of the packaged ones and those of the config")
    .option("--config <file>", "configuration file")
    .option("--scrape-interval <duration>", "how often URLs are scraped (default: 15s)", intervalArgument)
    .option("--listen <host:port>", "where to serve our own metrics (default: 127.0.0.1:9464)", listenArgument)
    .addOption(new Option("--log-level <level>", "least severe log line").choices(["debug", "info", "warn", "error"]))
    .addOption(new Option("--log-format <format>", "how log lines look").choices(["logfmt", "json"]))
    .addHelpText(
      "after",
      "\nExamples:\n  triton-sentinel run\n  triton-sentinel run http://gpu-7:8002/metrics gpu-8:8002",
    )
    .action(start);
}

async function start(given: readonly string[], flags: Flags): Promise<void> {
  const { values: rules, args: urls } = disentangle(flags.rules, given, isAddress);
  const settings = await settingsOf(urls, { ...flags, ...(rules && { rules }) });
  const { config } = settings;
  const telemetry = new Telemetry({
    version: VERSION,
    revision: "",
    logLevel: config.log.level,
    logFormat: config.log.format,
    sink: process.stderr,
  });
  const running = await run(settings, {
    clock: systemClock,
    telemetry,
    version: VERSION,
    tell: (event) => {
      if (event.kind === "transition") process.stdout.write(`${transitionText(event.transition)}\n`);
    },
  });
  process.stdout.write(`${greeting(config, running)}\n`);
  const stop = () => void running.stop();
  process.once("SIGINT", stop).once("SIGTERM", stop);
}

async function settingsOf(urls: readonly string[], flags: Flags): Promise<Settings> {
  if (flags.config !== undefined && urls.length > 0) {
    throw new UserMistake("Cannot use --config together with URLs: expected the targets in one place");
  }
  const { rules, config } = flags;
  const given = urls.length > 0 ? urls : [DEFAULT_URL];
  const settings = await readSettings({
    urls: given,
    ...(config !== undefined && { config }),
    ...(rules && { rules }),
  });
  return { ...settings, config: withFlags(settings.config, flags) };
}

/** What the command line says wins over the file. */
function withFlags(config: Config, { scrapeInterval, listen, logLevel, logFormat }: Flags): Config {
  if (config.targets.length === 0) throw new UserMistake("Cannot watch anything: the config names no target");
  return {
    ...config,
    targets: config.targets.map((target) =>
      scrapeInterval === undefined
        ? target
        : { ...target, scrapeInterval, scrapeTimeout: Math.min(target.scrapeTimeout, scrapeInterval) as DurationMs },
    ),
    global: { ...config.global, ...(scrapeInterval !== undefined && { scrapeInterval }) },
    web: { ...config.web, ...(listen && { listenAddress: listen }) },
    log: { level: logLevel ?? config.log.level, format: logFormat ?? config.log.format },
  };
}

/** Three lines: where to look, what is watched, by which rules. */
function greeting(config: Config, { port, world }: Running): string {
  const { host } = config.web.listenAddress;
  const [first, ...others] = config.targets;
  const more = others.length > 0 ? ` and ${others.length} more` : "";
  return [
    `triton-sentinel ${VERSION}: http://${host.includes(":") ? `[${host}]` : host}:${port}/ (metrics at /metrics)`,
    `watching ${first?.url}${more} every ${formatDuration(first!.scrapeInterval)}`,
    `with ${world.ruleStates.size} alerting rules; what alerts do is printed here, logs go to standard error`,
  ].join("\n");
}
