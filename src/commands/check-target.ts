import { Command, Option } from "commander";
import { checkTarget, type TargetCheck } from "../app/check-target.ts";
import { EXIT } from "./exit.ts";
import { VERSION } from "./version.ts";

interface Flags {
  readonly api?: string;
  readonly format: "text" | "json";
}

/** `triton-sentinel check target`: what can be seen of a Triton, and what cannot. */
export function checkTargetCommand(): Command {
  return new Command("target")
    .description("look at a Triton's metrics page and say what can be watched there, and what cannot")
    .argument("<url>", "its metrics page; a bare host means port 8002")
    .option("--api <url>", "Triton's HTTP API, to ask for its version (default: port 8000 of the same host)")
    .addOption(new Option("--format <format>", "how the answer looks").choices(["text", "json"]).default("text"))
    .addHelpText("after", "\nExample:\n  triton-sentinel check target http://gpu-7:8002/metrics")
    .action(async (url: string, { api, format }: Flags) => {
      const checked = await checkTarget(url, api, `triton-sentinel/${VERSION}`);
      process.stdout.write(format === "json" ? `${JSON.stringify(checked, undefined, 2)}\n` : textOf(checked));
      if (checked.kind === "failed") process.exitCode = EXIT.unreachable;
      else if (checked.models.length === 0 && checked.sights.length === 1) process.exitCode = EXIT.findings;
    });
}

const MARKS = { yes: "sees  ", partly: "partly", no: "blind " } as const;

function textOf(checked: TargetCheck): string {
  if (checked.kind === "failed") return `${checked.url}: ${checked.why}\n`;
  const { url, version, models, samples, bytes, problems, sights } = checked;
  const triton =
    version === undefined ? "Triton (its HTTP API does not answer; --api says where it is)" : `Triton ${version}`;
  const width = Math.max(...sights.map(({ topic }) => topic.length));
  const lines = [
    `${url}: ${triton}, ${samples} samples, ${Math.ceil(bytes / 1000)} kB`,
    ...(models.length > 0 ? [`models: ${models.join(", ")}`] : []),
    ...problems.map((problem) => `odd: ${problem}`),
    ...sights.map(({ topic, seen, text }) => `${MARKS[seen]}  ${topic.padEnd(width)}  ${text}`),
    "never to be seen in Triton's metrics: malformed requests, unknown models, the 503 of a full queue, who asks",
  ];
  return `${lines.join("\n")}\n`;
}
