import { Command, Option } from "commander";
import { DEMO_END, DEMO_STORY, type Demo, startDemo } from "../app/demo/demo.ts";
import { type Running, run } from "../app/run.ts";
import { readSettings, type Settings } from "../app/settings.ts";
import { staticTargets } from "../app/static-targets.ts";
import { systemClock } from "../app/system-clock.ts";
import { UserMistake } from "../app/user-mistake.ts";
import type { Config } from "../config/config.ts";
import { Labels } from "../series/labels.ts";
import { type DurationMs, durationMs, formatDuration, SECOND } from "../series/time.ts";
import { Telemetry } from "../telemetry/telemetry.ts";
import { autoReloadArgument, disentangle, intervalArgument, listenArgument } from "./arguments.ts";
import { transitionText } from "./lines.ts";
import { VERSION } from "./version.ts";

/** What is watched when nobody says what. */
const DEFAULT_URL = "http://localhost:8002/metrics";

/** How long the end may take, deliveries and answers under way included. */
const LONGEST_END = durationMs(10 * SECOND);

interface Flags {
  readonly rules?: readonly string[];
  readonly config?: string;
  readonly demo?: boolean;
  readonly autoReload: DurationMs;
  readonly scrapeInterval?: DurationMs;
  readonly listen?: Config["web"]["listenAddress"];
  readonly logLevel?: Config["log"]["level"];
  readonly logFormat?: Config["log"]["format"];
}

/** A URL, or a host with a port. */
const isAddress = (text: string): boolean => /:\/\/|:\d+$/.test(text);

/** `triton-sentinel run`: watch Tritons, tell what alerts do, serve the page and the API. */
export function runCommand(): Command {
  return new Command("run")
    .description("watch Triton servers, tell what alerts do, and serve the page, the API and our own /metrics")
    .argument("[url...]", `metrics pages to watch (default: ${DEFAULT_URL}); a bare host means port 8002`)
    .option("--config <file>", "configuration file; reloaded at SIGHUP and when it has changed")
    .option(
      "--auto-reload <duration>",
      "how often to look whether the configuration or rule files have changed; 0 never",
      autoReloadArgument,
      durationMs(30_000),
    )
    .option("--demo", "watch two recorded Tritons that are attacked while you look; needs no Triton")
    .option("--rules <glob...>", "rule files, in place of the packaged ones and those of the config")
    .option("--scrape-interval <duration>", "how often URLs are scraped (default: 15s)", intervalArgument)
    .option("--listen <host:port>", "where to serve the page and the API (default: 127.0.0.1:9464)", listenArgument)
    .addOption(new Option("--log-level <level>", "least severe log line").choices(["debug", "info", "warn", "error"]))
    .addOption(new Option("--log-format <format>", "how log lines look").choices(["logfmt", "json"]))
    .addHelpText(
      "after",
      "\nExamples:\n  triton-sentinel run\n  triton-sentinel run --demo\n  triton-sentinel run http://gpu-7:8002/metrics gpu-8:8002\n" +
        "  triton-sentinel run --config triton-sentinel.yml",
    )
    .action(start);
}

/** Whoever read the output may be gone; the watching goes on, and the logs say so once. */
function surviveClosedOutput(log: (why: string) => void): void {
  let told = false;
  process.stdout.on("error", (error) => {
    if (!told) log(error.message);
    told = true;
  });
  // There is nobody left to tell.
  process.stderr.on("error", () => {});
}

async function start(given: readonly string[], flags: Flags): Promise<void> {
  const { values: rules, args: urls } = disentangle(flags.rules, given, isAddress);
  const wanted = { ...flags, ...(rules && { rules }) };
  const ways = [flags.config !== undefined, urls.length > 0, flags.demo === true].filter(Boolean);
  if (ways.length > 1) {
    throw new UserMistake("Cannot use --config, --demo and URLs together: expected the targets in one place");
  }
  const demo = flags.demo ? await startDemo(() => systemClock.now()) : undefined;
  const settings = () => settingsOf(urls, wanted, demo);
  const first = await settings();
  const { config } = first;
  const telemetry = new Telemetry({
    version: VERSION,
    revision: "",
    logLevel: config.log.level,
    logFormat: config.log.format,
    sink: process.stderr,
  });
  surviveClosedOutput((why) => telemetry.log.warn({ why }, "nobody reads what is printed; watching goes on"));
  const running = await run(first, {
    clock: systemClock,
    telemetry,
    version: VERSION,
    flags: shownFlags(urls, wanted),
    settings,
    tell: (event) => {
      if (event.kind === "transition") process.stdout.write(`${transitionText(event.transition)}\n`);
    },
    ...(demo && { demo }),
    ...(flags.autoReload > 0 && { autoReload: { interval: flags.autoReload, config: flags.config } }),
  });
  process.stdout.write(`${greeting(config, running, demo)}\n`);
  const cancel = demo && systemClock.setTimer(demo.lasts, () => process.stdout.write(`${DEMO_END}\n`));
  const stop = (signal: NodeJS.Signals) => {
    cancel?.();
    void running.stop();
    // A file system that has stopped answering can hold up the end for ever; the signal then does what it does by itself.
    setTimeout(() => process.kill(process.pid, signal), LONGEST_END).unref();
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  process.on("SIGHUP", () => void running.reload());
}

async function settingsOf(urls: readonly string[], flags: Flags, demo: Demo | undefined): Promise<Settings> {
  const { rules, config } = flags;
  const given = urls.length > 0 ? urls : [DEFAULT_URL];
  const settings = await readSettings({
    urls: given,
    ...(config !== undefined && { config }),
    ...(rules && { rules }),
  });
  return { ...settings, config: withFlags(demo ? watching(settings.config, demo) : settings.config, flags) };
}

/** The configuration with the targets of a demo. */
function watching(config: Config, { targets }: Demo): Config {
  const [job] = config.jobs;
  const discoveries = targets.map(({ address, instance }) => {
    return { kind: "static", targets: [address], labels: Labels.of({ instance }) } as const;
  });
  return {
    ...config,
    jobs: [{ ...job!, jobName: "demo", scrapeInterval: SECOND, scrapeTimeout: SECOND, discoveries }],
  };
}

/** What the command line says wins over the file. */
function withFlags(config: Config, { scrapeInterval, listen, logLevel, logFormat }: Flags): Config {
  if (config.jobs.length === 0) throw new UserMistake("Cannot watch anything: the config names no target");
  return {
    ...config,
    jobs: config.jobs.map((job) =>
      scrapeInterval === undefined
        ? job
        : { ...job, scrapeInterval, scrapeTimeout: durationMs(Math.min(job.scrapeTimeout, scrapeInterval)) },
    ),
    global: { ...config.global, ...(scrapeInterval !== undefined && { scrapeInterval }) },
    web: { ...config.web, ...(listen && { listenAddress: listen }) },
    log: { level: logLevel ?? config.log.level, format: logFormat ?? config.log.format },
  };
}

/** What was said on the command line, as the API shows it. */
function shownFlags(urls: readonly string[], flags: Flags): Readonly<Record<string, string>> {
  const { rules, listen, scrapeInterval, autoReload, ...rest } = flags;
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)])),
    ...(urls.length > 0 && { urls: urls.map((url) => url.replace(/\/\/[^/@]*@/, "//")).join(" ") }),
    ...(rules && { rules: rules.join(" ") }),
    ...(listen && { listen: `${listen.host}:${listen.port}` }),
    "auto-reload": formatDuration(autoReload),
    ...(scrapeInterval !== undefined && { "scrape-interval": formatDuration(scrapeInterval) }),
  };
}

/** Three lines: where to look, what is watched, by which rules. A demo says what is going to happen. */
function greeting(config: Config, { port, world, targets }: Running, demo: Demo | undefined): string {
  const { host } = config.web.listenAddress;
  const page = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const rules = `${world.ruleStates.size} alerting rules`;
  const lines = [
    `triton-sentinel ${VERSION}: ${page}/ (metrics at ${page}/metrics, alerts at ${page}/api/v1/alerts)`,
    `watching ${watched(config, targets())} every ${formatDuration(config.jobs[0]!.scrapeInterval)}`,
    `with ${rules}; what alerts do is printed here, logs go to standard error`,
  ];
  if (demo === undefined) return lines.join("\n");
  return [...lines, `demo: two real Tritons, recorded while they were attacked. Look at ${page}/`, ...DEMO_STORY].join(
    "\n",
  );
}

function watched({ jobs }: Config, found: number): string {
  const [first] = staticTargets(jobs);
  if (first === undefined) return `${found} targets found so far`;
  const name = first.labels.get("instance") === new URL(first.url).host ? first.url : first.labels.get("instance")!;
  return found > 1 ? `${name} and ${found - 1} more` : name;
}
