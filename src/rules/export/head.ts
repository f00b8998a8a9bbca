import { formatDuration } from "../../series/time.ts";
import { ofJobs } from "./promql-text.ts";
import type { ExportedRule, ExportOptions } from "./types.ts";

/** The comment at the head of an exported file: what it is, what it takes for granted, what it leaves out. */
export function headOf(files: readonly string[], rules: readonly ExportedRule[], options: ExportOptions): string {
  const { version, command, interval, baselineWindow, jobs } = options;
  const counted = (kind: string): number => rules.filter(({ fidelity }) => fidelity.kind === kind).length;
  const refused = rules.flatMap(({ name, fidelity }) =>
    fidelity.kind === "refused" ? [`  ${name}: ${fidelity.why}`] : [],
  );
  const every = formatDuration(interval);
  const lines = [
    `Written by triton-sentinel ${version}. Do not edit: change the rules and write it again with`,
    `  ${command}`,
    `From: ${files.join(", ")}`,
    `Rules: ${counted("exact")} exact, ${counted("approximate")} approximate, ${counted("refused")} refused`,
    "",
    `It takes for granted that Triton is scraped every ${every} as ${ofJobs("up", jobs)}, and that these groups run as often.`,
    `Where that selects nothing no event of a model and no server that is down is found. Baselines look back ${formatDuration(baselineWindow)}.`,
    "",
    "What differs for every rule:",
    "- expr: rules end when their series do. While a target cannot be scraped its series are gone; triton-sentinel holds alerts then.",
    "- A counter that is born at 7 has not risen by 7, and a model's first burst is seen only from its second scrape.",
    "- A limit of a group drops all of its alerts; triton-sentinel cuts off those above it.",
    "- Descriptions end without the sentence of evidence.",
    "- Deployments, announced or in change windows, are not known: an announced load fires.",
    ...options.changeWindows.map((name) => `  Left out: ${name}`),
    ...(options.dialect === "victoriametrics"
      ? ["- A rule sees what the rules above it recorded one evaluation later, so that detectors are that much slower."]
      : []),
    ...(refused.length > 0 ? ["", "Refused:", ...refused] : []),
  ];
  return lines.join("\n");
}
