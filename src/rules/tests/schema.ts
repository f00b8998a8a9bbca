import { z } from "zod";
import { duration, parsed, parseInstant } from "../../documents/fields.ts";
import { typeOf } from "../../promql/ast.ts";
import { parseExpr } from "../../promql/parse.ts";
import type { Labels } from "../../series/labels.ts";
import { type EpochMs, epochMs, SECOND } from "../../series/time.ts";
import { parseMetric } from "./metric-text.ts";
import { EXPECTED_STATES } from "./types.ts";
import { parseValues } from "./values.ts";

const expression = parsed(
  (text) => {
    const tree = parseExpr(text);
    const type = typeOf(tree);
    if (type === "vector" || type === "scalar") return { text, tree };
    throw new RangeError(`expected a vector or a scalar, found a ${type}`);
  },
  (message) => `could not parse expression: ${message.replace(/^Cannot parse expression: /, "")}`,
);

const seriesName = parsed((text): Labels => {
  const labels = parseMetric(text);
  if (labels.pairs.length > 0) return labels;
  throw new RangeError(`Cannot use series ${JSON.stringify(text)}: expected a name or a label, for example up`);
});

/** A number as YAML and Go write it; NaN and infinities with or without YAML's dot. */
function parseNumber(text: string): number {
  const bare = text.trim().replace(/^[+-]/, "");
  const sign = text.trim().startsWith("-") ? -1 : 1;
  if (/^\.?inf$/i.test(bare)) return sign * Number.POSITIVE_INFINITY;
  if (/^\.?nan$/i.test(bare)) return Number.NaN;
  const value = bare === "" ? Number.NaN : Number(bare.replaceAll("_", ""));
  if (!Number.isNaN(value)) return sign * value;
  throw new RangeError(`Cannot read value ${JSON.stringify(text.slice(0, 60))}: expected a number, for example "1.5"`);
}

/** Unix seconds, or RFC 3339. */
function parseStart(text: string): EpochMs {
  const seconds = /^\d{1,12}(\.\d{1,3})?$/.test(text) ? Number(text) : undefined;
  return seconds === undefined ? parseInstant(text) : epochMs(Math.round(seconds * SECOND));
}

const sample = z.strictObject({
  labels: parsed(parseMetric).optional().describe('The series, "name{label=\\"value\\"}"; nothing for a scalar'),
  value: parsed(parseNumber).optional().describe("Its value; default: 0"),
  histogram: parsed((): never => {
    throw new RangeError("Cannot expect a histogram: native histograms are not supported");
  })
    .optional()
    .describe("Not supported: a native histogram"),
});

const alert = z.strictObject({
  exp_labels: z
    .record(z.string(), z.string())
    .optional()
    .describe("Its labels without alertname: the rule's and those of the series"),
  exp_annotations: z.record(z.string(), z.string()).optional().describe("Its annotations, filled in"),
});

const alertTest = z.strictObject({
  eval_time: duration.optional().describe("When, since the start; default: 0s"),
  alertname: z.string().min(1).describe("Which alert"),
  exp_alerts: z.array(alert).optional().describe("All alerts of that name then; none where this is left out"),
  exp_state: z
    .enum(EXPECTED_STATES)
    .optional()
    .describe("Ours: the state those alerts are in; learning is that of a detector's subjects. Default: firing"),
  match: z
    .enum(["exact", "subset"])
    .optional()
    .describe("Ours: with subset, labels and annotations that are not given may be anything. Default: exact"),
});

const exprTest = z.strictObject({
  expr: expression.describe("PromQL"),
  eval_time: duration.optional().describe("When, since the start; default: 0s"),
  exp_samples: z.array(sample).optional().describe("All it gives then, in any order"),
});

const inputSeries = z.strictObject({
  series: seriesName.describe('The series, "name{label=\\"value\\"}"'),
  values: parsed(parseValues)
    .optional()
    .describe('Its values, one an interval: "1 2 _ stale", "0+10x5" (0 10 20 30 40 50), "1x3" (1 1 1 1), "_x3"'),
});

const ruleTest = z
  .strictObject({
    name: z.string().optional().describe("What the test is called; --run selects by it"),
    interval: duration.optional().describe("From one value of a series to the next; default: evaluation_interval"),
    start_timestamp: parsed(parseStart)
      .optional()
      .describe("When the series begin: Unix seconds or an RFC 3339 time; default: 0"),
    input_series: z.array(inputSeries).optional().describe("What the rules see"),
    recording: z
      .string()
      .min(1)
      .optional()
      .describe("Ours: recorded scrapes (.jsonl, .jsonl.gz) instead of series, relative to this file"),
    alert_rule_test: z.array(alertTest).optional().describe("Which alerts there are when"),
    promql_expr_test: z.array(exprTest).optional().describe("What expressions give when"),
    quiet: z
      .array(z.string().min(1))
      .optional()
      .describe("Ours: alerts that may not fire at any time; the test then goes on to the end of its input"),
    external_labels: z.record(z.string(), z.string()).optional().describe("What $externalLabels is in templates"),
    external_url: z.string().optional().describe("What $externalURL is in templates"),
  })
  .superRefine((test, ctx) => {
    if (test.recording === undefined) return;
    for (const key of ["input_series", "interval", "start_timestamp"] as const) {
      if (test[key] === undefined) continue;
      ctx.addIssue({ code: "custom", message: `'${key}' cannot stand beside 'recording'`, params: { key } });
    }
  });

/** A file of rule tests: promtool's format, and ours on top of it. */
export const ruleTestFileSchema = z.strictObject({
  rule_files: z
    .array(z.string().min(1))
    .optional()
    .describe("The rules under test: files or globs, relative to this file"),
  packaged_rules: z
    .boolean()
    .optional()
    .describe("Ours: whether the packaged rules are under test too; default: false"),
  evaluation_interval: duration.optional().describe("How often rules run; default: 1m, or a recording's own spacing"),
  group_eval_order: z.array(z.string()).optional().describe("Groups that run in this order"),
  fuzzy_compare: z.boolean().optional().describe("Whether values that differ in the last bit are equal"),
  tests: z.array(ruleTest).optional().describe("The tests"),
});

/** A test as its schema reads it. */
export type WrittenTest = NonNullable<z.output<typeof ruleTestFileSchema>["tests"]>[number];
