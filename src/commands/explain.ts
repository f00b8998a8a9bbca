import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { explainJson } from "../app/explain/explain-json.ts";
import { explainRecording } from "../app/explain/explain-recording.ts";
import { explainRunning } from "../app/explain/explain-running.ts";
import type { Asked, Explained } from "../app/explain/explained.ts";
import type { Terminal } from "../app/explain/plot.ts";
import { explainLines } from "../app/explain/screen.ts";
import { readSettings } from "../app/settings.ts";
import { UserMistake } from "../app/user-mistake.ts";
import { parseTime } from "../series/parse-time.ts";
import type { EpochMs } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";
import { disentangle } from "./arguments.ts";
import { EXIT } from "./exit.ts";
import { Output } from "./output.ts";
import { VERSION } from "./version.ts";

const DEFAULT_URL = "http://127.0.0.1:9464";
/** Columns where the output is no terminal. */
const USUAL_COLUMNS = 80;
const FEWEST_COLUMNS = 40;

interface Flags {
  readonly rule: string;
  readonly subject: string;
  readonly at?: EpochMs;
  readonly url?: string;
  readonly caFile?: string;
  readonly config?: string;
  readonly rules?: readonly string[];
  readonly format: "table" | "json";
  readonly ascii?: true;
}

/** `triton-sentinel explain`: how a detector sees one subject, and why it fired or did not. */
export function explainCommand(): Command {
  return new Command("explain")
    .description("show how a rule's detector sees one subject: the band, the value, and what would not have fired")
    .argument("[recording]", "a recording (.jsonl, .jsonl.gz, or -); without one a running triton-sentinel is asked")
    .requiredOption("--rule <name>", "the rule, for example TritonErrorRatioAnomaly")
    .requiredOption("--subject <labels>", 'which of its subjects: "model=bert,version=1", or a selector in braces')
    .option(
      "--at <time>",
      "when: RFC 3339 or Unix seconds (default: when the loudest alarm of a recording began, or now)",
      time,
    )
    .option("--url <url>", `where triton-sentinel serves (default: "${DEFAULT_URL}")`)
    .option("--ca-file <file>", "certificate authority of an https URL")
    .option("--config <file>", "configuration for the recording")
    .option("--rules <glob...>", "rule files for the recording, in place of the packaged ones and those of the config")
    .option("--ascii", "draw with ASCII characters only")
    .addOption(new Option("--format <format>", "what to print").choices(["table", "json"]).default("table"))
    .addHelpText(
      "after",
      "\nExample:\n  triton-sentinel explain --rule TritonErrorRatioAnomaly --subject model=bert monday.jsonl.gz",
    )
    .action(run);
}

const isRecording = (text: string): boolean => text === "-" || /\.jsonl(\.gz)?$/.test(text);

async function run(given: string | undefined, flags: Flags): Promise<void> {
  const { values: rules, args } = disentangle(flags.rules, given === undefined ? [] : [given], isRecording);
  if (args.length > 1) throw new UserMistake("Cannot explain several recordings: expected one");
  const explained = await ask(args[0], { ...flags, ...(rules && { rules }) });
  if (typeof explained === "string") {
    process.stderr.write(`${printable(explained)}\n`);
    process.exitCode = EXIT.unreachable;
    return;
  }
  const out = new Output();
  if (flags.format === "json") out.line(JSON.stringify(explainJson(explained)));
  else for (const line of explainLines(explained, terminal(flags))) out.line(line);
  await out.end();
}

/** @returns a text where nobody answered */
async function ask(recording: string | undefined, flags: Flags): Promise<Explained | string> {
  const { rule, subject, at, url, caFile, config, rules } = flags;
  const asked: Asked = { rule, subject, ...(at !== undefined && { at }) };
  if (recording !== undefined) {
    if (url !== undefined) throw new UserMistake("Cannot ask both: expected --url or a recording");
    const given = { urls: [], ...(config !== undefined && { config }), ...(rules !== undefined && { rules }) };
    return explainRecording(await readSettings(given), recording, asked);
  }
  if (config !== undefined || rules !== undefined) {
    throw new UserMistake("Cannot use --config or --rules here: expected them with a recording");
  }
  const ca = caFile !== undefined && { caFile: resolve(caFile) };
  const running = { url: url ?? DEFAULT_URL, userAgent: `triton-sentinel/${VERSION}`, ...ca };
  const reply = await explainRunning(running, asked);
  if (reply.kind === "explained") return reply.is;
  const meant = url === undefined ? ", or was a recording meant" : "";
  return `Cannot reach ${running.url}: is it running${meant}? (${reply.why})`;
}

/** What is known of the terminal; a locale without UTF-8 gets ASCII. */
function terminal({ ascii }: Flags): Terminal {
  const { LC_ALL, LC_CTYPE, LANG, NO_COLOR, TERM } = process.env;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((text) => text !== undefined && text !== "") ?? "UTF-8";
  return {
    columns: Math.max(FEWEST_COLUMNS, process.stdout.columns ?? USUAL_COLUMNS),
    ascii: ascii === true || !/utf-?8/i.test(locale),
    colour: process.stdout.isTTY === true && (NO_COLOR ?? "") === "" && TERM !== "dumb",
  };
}

function time(text: string): EpochMs {
  try {
    return parseTime(text);
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
