import { resolve } from "node:path";
import { Command, Option } from "commander";
import { askRecording } from "../app/query/ask-recording.ts";
import { askRunning } from "../app/query/ask-running.ts";
import type { Question, Reply } from "../app/query/question.ts";
import { readSettings } from "../app/settings.ts";
import { UserMistake } from "../app/user-mistake.ts";
import { type DurationMs, type EpochMs, epochMs } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";
import { durationArgument, timeArgument } from "./arguments.ts";
import { EXIT } from "./exit.ts";
import { Output } from "./output.ts";
import { queryTable } from "./query-table.ts";
import { VERSION } from "./version.ts";

const DEFAULT_URL = "http://127.0.0.1:9464";

interface Flags {
  readonly at?: EpochMs;
  readonly from?: EpochMs;
  readonly to?: EpochMs;
  readonly step?: DurationMs;
  readonly url?: string;
  readonly caFile?: string;
  readonly recording?: string;
  readonly config?: string;
  readonly rules?: readonly string[];
  readonly format: "table" | "json";
}

/** `triton-sentinel query`: what a PromQL expression comes to, in a running monitor or over a recording. */
export function queryCommand(): Command {
  return new Command("query")
    .description("evaluate a PromQL expression over the history of a running triton-sentinel, or over a recording")
    .argument("<expr>", "PromQL")
    .option("--at <time>", "when: RFC 3339 or Unix seconds (default: now, or the end of the recording)", timeArgument)
    .option("--from <time>", "step by step from here on", timeArgument)
    .option("--to <time>", "up to here (default: now, or the end of the recording)", timeArgument)
    .option("--step <duration>", "from step to step (default: for some 60 steps)", durationArgument)
    .option("--url <url>", `where triton-sentinel serves (default: "${DEFAULT_URL}")`)
    .option("--ca-file <file>", "certificate authority of an https URL")
    .option("--recording <file>", "evaluate over this recording instead (.jsonl, .jsonl.gz, or -)")
    .option("--config <file>", "configuration for the recording")
    .option("--rules <glob...>", "rule files for the recording, in place of the packaged ones and those of the config")
    .addOption(new Option("--format <format>", "what to print").choices(["table", "json"]).default("table"))
    .addHelpText(
      "after",
      "\nExample:\n  triton-sentinel query 'sum by (model) (rate(nv_inference_request_failure[5m]))' --at 2026-11-23T08:00:00Z",
    )
    .action(run);
}

async function run(expression: string, flags: Flags): Promise<void> {
  const reply = await ask(questionOf(expression, flags), flags);
  if (reply.kind !== "answer") {
    process.stderr.write(`${printable(reply.why)}\n`);
    process.exitCode = reply.kind === "unreachable" ? EXIT.unreachable : EXIT.mistake;
    return;
  }
  for (const note of reply.notes) process.stderr.write(`${printable(note)}\n`);
  const out = new Output();
  if (flags.format === "json") out.line(JSON.stringify(reply.result));
  else for (const line of queryTable(reply.result)) out.line(line);
  await out.end();
}

async function ask(question: Question, { url, recording, caFile, config, rules }: Flags): Promise<Reply> {
  if (recording === undefined) {
    if (config !== undefined || rules !== undefined) {
      throw new UserMistake("Cannot use --config or --rules here: expected them with --recording");
    }
    const ca = caFile !== undefined && { caFile: resolve(caFile) };
    const running = { url: url ?? DEFAULT_URL, userAgent: `triton-sentinel/${VERSION}`, ...ca };
    return askRunning(running, question, epochMs(Date.now()));
  }
  if (url !== undefined) throw new UserMistake("Cannot ask both: expected --url or --recording");
  const settings = await readSettings({
    urls: [],
    ...(config !== undefined && { config }),
    ...(rules !== undefined && { rules }),
  });
  return askRecording(settings, recording, question);
}

function questionOf(expression: string, { at, from, to, step }: Flags): Question {
  if (from === undefined) {
    if (to !== undefined || step !== undefined) throw new UserMistake("Cannot use --to or --step without --from");
    return { kind: "instant", expression, ...(at !== undefined && { at }) };
  }
  if (at !== undefined) throw new UserMistake("Cannot use both --at and --from: expected an instant or a span");
  return { kind: "range", expression, from, ...(to !== undefined && { to }), ...(step !== undefined && { step }) };
}
