import { resolve } from "node:path";
import { Command, Option } from "commander";
import { checkTarget, type TargetCheck } from "../app/check-target.ts";
import { configuredAccess } from "../app/configured-access.ts";
import { EXIT } from "./exit.ts";
import { VERSION } from "./version.ts";

interface Flags {
  readonly api?: string;
  readonly config?: string;
  readonly job?: string;
  readonly caFile?: string;
  readonly insecure: boolean;
  readonly format: "text" | "json";
}

/** `triton-sentinel check target`: what can be seen of a Triton, and what cannot. */
export function checkTargetCommand(): Command {
  return new Command("target")
    .description("look at a Triton's metrics page and say what can be watched there, and what cannot")
    .argument("<url>", "its metrics page; a bare host means port 8002")
    .option("--api <url>", "Triton's HTTP API, to ask for its version (default: port 8000 of the same host)")
    .option(
      "--config <file>",
      "configuration file: ask as the job does that the target belongs to, TLS and credentials included",
    )
    .option("--job <name>", "which job of the configuration (default: the first whose static_configs hold the target)")
    .option("--ca-file <file>", "certificate authority of an https page")
    .option("--insecure", "take any certificate", false)
    .addOption(new Option("--format <format>", "how the answer looks").choices(["text", "json"]).default("text"))
    .addHelpText(
      "after",
      "\nExample:\n  triton-sentinel check target http://gpu-7:8002/metrics\n\nExit codes: 0 a Triton, 1 a page without its metrics, 2 wrong usage, 3 no page",
    )
    .action(async (text: string, { api, format, caFile, ...flags }: Flags) => {
      const { url, http } = await configuredAccess(text, flags);
      const tls = {
        ...http.tls,
        ...(caFile !== undefined && { caFile: resolve(caFile) }),
        insecureSkipVerify: flags.insecure || (http.tls?.insecureSkipVerify ?? false),
      };
      const access = { ...(api !== undefined && { api }), http: { ...http, tls } };
      const checked = await checkTarget(url, access, `triton-sentinel/${VERSION}`);
      process.stdout.write(format === "json" ? `${JSON.stringify(checked, undefined, 2)}\n` : textOf(checked));
      if (checked.kind === "failed") process.exitCode = EXIT.unreachable;
      else if (!checked.triton) process.exitCode = EXIT.findings;
    });
}

const NEVER_SEEN =
  "never to be seen in Triton's metrics: malformed requests, unknown models, the 503 of a full queue, who asks";
const MARKS = { yes: "sees  ", partly: "partly", no: "blind " } as const;

function textOf(checked: TargetCheck): string {
  if (checked.kind === "failed") return `${checked.url}: ${checked.why}\n`;
  const { url, models, samples, bytes, problems, sights } = checked;
  const width = Math.max(...sights.map(({ topic }) => topic.length));
  const lines = [
    `${url}: ${serverOf(checked)}, ${samples} samples, ${Math.ceil(bytes / 1000)} kB`,
    ...(models.length > 0 ? [`models: ${models.join(", ")}`] : []),
    ...problems.map((problem) => `odd: ${problem}`),
    ...sights.map(({ topic, seen, text }) => `${MARKS[seen]}  ${topic.padEnd(width)}  ${text}`),
    ...(checked.triton ? [NEVER_SEEN] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function serverOf({ triton, version }: Extract<TargetCheck, { readonly kind: "page" }>): string {
  if (!triton) return "no metrics of a Triton";
  return version === undefined ? "Triton (its HTTP API does not answer; --api says where it is)" : `Triton ${version}`;
}
