import { writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { Unreachable } from "../app/backtest/history.ts";
import { reportPage } from "../app/backtest/html/page.ts";
import type { PrometheusSource } from "../app/backtest/prometheus/source.ts";
import { hasNewAlerts, type Report } from "../app/backtest/report.ts";
import { reportJson } from "../app/backtest/report-json.ts";
import { tableLines } from "../app/backtest/report-table.ts";
import { type BacktestPlan, type RuleFiles, runBacktest } from "../app/backtest/run-backtest.ts";
import { systemClock } from "../app/system-clock.ts";
import { UserMistake } from "../app/user-mistake.ts";
import { type DurationMs, durationMs, type EpochMs, SECOND } from "../series/time.ts";
import { durationArgument, timeArgument } from "./arguments.ts";
import { EXIT } from "./exit.ts";
import { Output } from "./output.ts";
import { Progress } from "./progress.ts";
import { VERSION } from "./version.ts";

const DEFAULT_STEP = durationMs(15 * SECOND);

interface Flags {
  readonly rules?: readonly string[];
  readonly against?: readonly string[];
  readonly config?: string;
  readonly recording?: readonly string[];
  readonly prometheus?: string;
  readonly from?: EpochMs;
  readonly to?: EpochMs;
  readonly step?: DurationMs;
  readonly match?: readonly string[];
  readonly httpConfig?: string;
  readonly header?: readonly string[];
  readonly format: "table" | "json" | "html";
  readonly out?: string;
  readonly failOn?: "new-alerts";
}

/** `triton-sentinel backtest`: what rules would have done over history, and how that differs from other rules. */
export function backtestCommand(): Command {
  return new Command("backtest")
    .description("run rules over recordings or over what a Prometheus-compatible server holds, and sum up what fired")
    .option("--rules <glob...>", "rule files, in place of the packaged ones and those of the config")
    .option("--against <glob...>", 'rule files to compare with; "packaged" for those that ship with the program')
    .option("--config <file>", "configuration file, for both sets of rules")
    .option("--recording <file...>", "recordings (.jsonl, .jsonl.gz, or - for standard input), one by one")
    .option("--prometheus <url>", "Prometheus, Mimir, Thanos or VictoriaMetrics, to the path before /api/v1")
    .option("--from <time>", "from when on: RFC 3339 or Unix seconds", timeArgument)
    .option("--to <time>", "up to when (default: now)", timeArgument)
    .option("--step <duration>", "time between two looks; best the scrape interval (default: 15s)", durationArgument)
    .option("--match <selector>", `only series that it chooses, for example '{job="triton"}'`, collect)
    .option("--http-config <file>", "basic_auth, authorization and tls_config for the server, as in a scrape config")
    .option("--header <name: value>", "header for the server, for example 'X-Scope-OrgID: ml'; repeatable", collect)
    .addOption(new Option("--format <format>", "what to write").choices(["table", "json", "html"]).default("table"))
    .option("-o, --out <file>", "write it there in place of standard output")
    .addOption(
      new Option(
        "--fail-on <what>",
        "exit with 1 where --rules raise alerts that --against do not; watchdogs (severity none) do not count",
      ).choices(["new-alerts"]),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  triton-sentinel backtest --rules new.yml --against packaged --recording monday.jsonl.gz --fail-on new-alerts\n  triton-sentinel backtest --prometheus http://prometheus:9090 --from 2026-11-16T00:00:00Z --format html -o week.html",
    )
    .action(run);
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

async function run(flags: Flags): Promise<void> {
  if (flags.failOn !== undefined && flags.against === undefined) {
    throw new UserMistake("Cannot use --fail-on new-alerts alone: expected --against, rules to compare with");
  }
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  try {
    const report = await runBacktest(planOf(flags, stop.signal));
    await write(report, flags);
    if (report.interrupted) process.exitCode = EXIT.interrupted;
    else if (flags.failOn !== undefined && hasNewAlerts(report)) process.exitCode = EXIT.findings;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = stop.signal.aborted ? EXIT.interrupted : EXIT.unreachable;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

function planOf(flags: Flags, signal: AbortSignal): BacktestPlan {
  const { rules, against, config, recording: recordings = [], format } = flags;
  const prometheus = sourceOf(flags);
  if (recordings.length === 0 && prometheus === undefined) {
    throw new UserMistake(
      'Cannot backtest nothing: expected --recording or --prometheus, for example "--recording monday.jsonl.gz"',
    );
  }
  return {
    rules: filesOf(rules, config),
    against: against && filesOf(against, config),
    recordings,
    prometheus,
    charts: format === "html",
    signal,
    clock: systemClock,
    progress: (span) => new Progress(span, SCREEN),
  };
}

const SCREEN = {
  live: process.stderr.isTTY,
  write: (text: string) => void process.stderr.write(text),
  now: systemClock.now,
};

function filesOf(rules: readonly string[] | undefined, config: string | undefined): RuleFiles {
  const packaged = rules?.length === 1 && rules[0] === "packaged";
  return { ...(rules !== undefined && !packaged && { rules }), ...(config !== undefined && !packaged && { config }) };
}

/** @throws UserMistake on options that do not go together */
function sourceOf({ prometheus: url, from, to, step, match, httpConfig, header }: Flags): PrometheusSource | undefined {
  if (url === undefined) {
    const alone = {
      "--from": from,
      "--to": to,
      "--step": step,
      "--match": match,
      "--http-config": httpConfig,
      "--header": header,
    };
    const [name] = Object.entries(alone).find(([, value]) => value !== undefined) ?? [];
    if (name !== undefined) throw new UserMistake(`Cannot use ${name} here: expected it with --prometheus`);
    return undefined;
  }
  if (from === undefined) {
    throw new UserMistake('Cannot read all of time: expected --from, for example "--from 2026-11-16T00:00:00Z"');
  }
  return {
    url,
    from,
    to: to ?? systemClock.now(),
    step: step ?? DEFAULT_STEP,
    match: match ?? [],
    headers: header ?? [],
    ...(httpConfig !== undefined && { httpConfig }),
    userAgent: `triton-sentinel/${VERSION}`,
  };
}

async function write(report: Report, { format, out }: Flags): Promise<void> {
  if (out !== undefined) return writeFile(out, textOf(report, format));
  const output = new Output();
  if (format === "table") for (const line of tableLines(report)) output.line(line);
  else output.line(textOf(report, format).trimEnd());
  await output.end();
}

function textOf(report: Report, format: Flags["format"]): string {
  if (format === "html") return reportPage(report);
  if (format === "json") return `${JSON.stringify(reportJson(report), undefined, 2)}\n`;
  return `${[...tableLines(report)].join("\n")}\n`;
}
