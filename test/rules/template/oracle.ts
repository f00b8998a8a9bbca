import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lexTemplate } from "../../../src/rules/template/lex.ts";

export const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;

function promtool(verb: readonly string[], files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), "template-oracle-"));
  try {
    // JSON is YAML.
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
    const run = spawnSync("promtool", verb, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 });
    return run.stdout + run.stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const rules = (templates: readonly string[]) => ({
  groups: [
    {
      name: "g",
      rules: [
        {
          alert: "A",
          expr: "v",
          annotations: Object.fromEntries(templates.map((template, i) => [`t${i}`, template])),
        },
      ],
    },
  ],
});

/** What Go's strconv would read back: the series notation of rule tests. */
const number = (value: number): string =>
  Object.is(value, -0)
    ? "-0"
    : Number.isFinite(value) || Number.isNaN(value)
      ? String(value)
      : value > 0
        ? "Inf"
        : "-Inf";

/** Reads a Go string literal. */
const unquote = (literal: string): string => lexTemplate(`{{${literal}}}`)[1]!.text;

const matchersOf = (labels: readonly (readonly [name: string, value: string])[]): string =>
  labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",");

/** What the real promtool makes of each template (inner) for each value (outer). */
export function expandWithPromtool(
  templates: readonly string[],
  values: readonly number[],
  data: {
    readonly labels: Record<string, string>;
    readonly externalLabels: Record<string, string>;
    readonly externalURL: string;
    readonly series: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
  },
): string[][] {
  const labels = Object.entries(data.labels).filter(([name]) => name !== "__name__");
  const matchers = matchersOf(labels);
  const output = promtool(["test", "rules", "test.yml"], {
    "rules.yml": rules(templates),
    "test.yml": {
      rule_files: ["rules.yml"],
      evaluation_interval: "1m",
      tests: [
        {
          interval: "1m",
          external_labels: data.externalLabels,
          external_url: data.externalURL,
          input_series: [
            ...values.map((value, i) => ({ series: `v{i="${i}",${matchers}}`, values: number(value) })),
            ...data.series.map(({ labels: { __name__: name, ...others }, value }) => {
              return { series: `${name}{${matchersOf(Object.entries(others))}}`, values: number(value) };
            }),
          ],
          alert_rule_test: [{ eval_time: "0m", alertname: "A", exp_alerts: [] }],
        },
      ],
    },
  });
  const found: string[][] = values.map(() => []);
  let row: string[] = [];
  for (const line of output.split("\n")) {
    const index = /^ +Labels:\{.*?\bi="(\d+)"/.exec(line)?.[1];
    if (index !== undefined) row = found[Number(index)]!;
    if (!/^ +Annotations:/.test(line)) continue;
    for (const [, i, text] of line.matchAll(/\bt(\d+)=("(?:[^"\\]|\\.)*")(?=[,}])/g)) row[Number(i)] = unquote(text!);
  }
  if (found.some((texts) => templates.some((_, i) => texts[i] === undefined)))
    throw new Error(`promtool said: ${output.slice(0, 4000)}`);
  return found;
}

/** The templates the real promtool refuses to load. */
export function refusedByPromtool(templates: readonly string[]): string[] {
  const output = promtool(["check", "rules", "rules.yml"], { "rules.yml": rules(templates) });
  return templates.filter((_, i) => new RegExp(`"t${i}"|__alert_A_t${i}\\b|t${i}:`).test(output));
}
