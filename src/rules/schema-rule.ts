import { z } from "zod";
import { duration, mistakeOf, onEveryMap, parsed, parseEnd } from "../documents/fields.ts";
import { didYouMean } from "../documents/suggest.ts";
import { FUNCTIONS } from "../promql/functions/index.ts";
import { parseExpr } from "../promql/parse.ts";
import { detectSchema } from "./schema-detect.ts";
import { matchSchema } from "./schema-match.ts";
import { annotationsSchema, labelsSchema, recordName } from "./schema-names.ts";
import { parseTemplate } from "./template.ts";

const expression = parsed(
  // As in Prometheus an empty expression is no expression.
  (text) => (text.trim() === "" ? undefined : { text, tree: parseExpr(text) }),
  (message) =>
    `could not parse expression: ${message.replace(/^Cannot parse expression: /, "")}${functionHint(message)}`,
);

/** Names tried first where several are equally near: what rules use most, and the aggregations, which are no functions. */
const USUAL_NAMES = [
  ...["rate", "increase", "sum", "avg", "min", "max", "count", "absent"],
  ...["topk", "bottomk", "quantile", "count_values", "stddev", "stdvar", "group"],
];

/** The function that was meant, where one was called that there is not. */
function functionHint(message: string): string {
  const name = /^Cannot call (\w+)\(\): there is no such function$/.exec(message)?.[1];
  return name === undefined ? "" : didYouMean(name, [...USUAL_NAMES, ...FUNCTIONS.keys()]);
}

const exception = z.strictObject({
  match: matchSchema.describe("Labels and their values, or PromQL matchers, of the findings that are expected"),
  until: parsed(parseEnd)
    .optional()
    .describe("When the exception ends: an RFC 3339 time, or a date, to its end in UTC"),
  reason: z.string().min(1).describe("Why, and who knows: people read this in a year"),
});

const fields = z.strictObject({
  alert: z.string().optional().describe("The name of the alert"),
  record: recordName.optional().describe("The name of the series to write"),
  expr: expression.optional().describe("PromQL, evaluated on the samples in memory"),
  detect: detectSchema.optional().describe("A streaming detector, instead of an expression"),
  for: duration.optional().describe("How long the condition must hold before the alert fires"),
  keep_firing_for: duration.optional().describe("How long the alert fires on after its condition ended"),
  labels: labelsSchema.optional().describe("Labels to add; an alert's may be templates"),
  annotations: annotationsSchema.optional().describe("What people are told; templates"),
  except: z.array(exception).optional().describe("Known, dated exceptions: findings that match do not alert"),
  missing: z
    .enum(["hold", "resolve"])
    .optional()
    .describe("What becomes of an expression's alerts while targets cannot be scraped; default: evaluation.on_unknown"),
});

const ALERTS_ONLY = ["for", "keep_firing_for", "annotations", "except", "detect", "missing"] as const;

type Written = z.output<typeof fields>;
type Add = (message: string, field?: string) => void;

/** One rule: everything but what needs its group. */
export const ruleSchema = fields.superRefine((rule, ctx) => {
  const add: Add = (message, key) => ctx.addIssue({ code: "custom", message, params: { key } });
  if (rule.record !== undefined && rule.alert !== undefined)
    add("only one of 'record' and 'alert' must be set", "alert");
  else if (rule.record !== undefined) checkRecording(rule, add);
  else if (rule.alert) checkAlert(rule, add);
  else add("one of 'record' or 'alert' must be set", rule.alert === "" ? "alert" : undefined);
  if (rule.alert === undefined) return;
  for (const field of ["labels", "annotations"] as const) {
    for (const mistake of templateMistakes(rule[field])) {
      ctx.addIssue({ code: "custom", message: mistake.message, path: [field, mistake.name], params: mistake.at });
    }
  }
}, onEveryMap);

function checkRecording(rule: Written, add: Add): void {
  if (rule.expr === undefined) add("field 'expr' must be set in rule");
  for (const field of ALERTS_ONLY)
    if (rule[field] !== undefined) add(`invalid field '${field}' in recording rule`, field);
}

function checkAlert(rule: Written, add: Add): void {
  if (rule.expr === undefined && rule.detect === undefined) {
    add("field 'expr' must be set in rule, or 'detect' instead");
  }
  if (rule.expr !== undefined && rule.detect !== undefined)
    add("only one of 'expr' and 'detect' must be set", "detect");
  if (rule.missing !== undefined && rule.detect !== undefined) add("'missing' must be set in detect", "missing");
}

interface TemplateMistake {
  readonly name: string;
  readonly message: string;
  readonly at: { readonly from?: number | undefined; readonly to?: number | undefined };
}

/** Labels or annotations that are not templates. Their values are texts unless something else is wrong with them. */
export function templateMistakes(texts: Readonly<Record<string, unknown>> | undefined): TemplateMistake[] {
  if (typeof texts !== "object" || texts === null) return [];
  return Object.entries(texts).flatMap(([name, text]) => {
    try {
      if (typeof text === "string") parseTemplate(text);
      return [];
    } catch (error) {
      const { message, ...at } = mistakeOf(error);
      return [{ name, message, at }];
    }
  });
}
