import { RE2JS } from "re2js";
import { z } from "zod";
import { onEveryMap, parsed } from "../../documents/fields.ts";
import { RELABEL_ACTIONS, type RelabelAction, type RelabelRule } from "../../series/relabel-rule.ts";
import { compileRelabelRegex, relabelRegexText } from "../relabel-regex.ts";
import { fieldsSet } from "./exclusive.ts";

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** A label name, or one put together from what the expression matched: `rack_$1`. */
const NAME_TEMPLATE = /^(?:[a-zA-Z_]|\$\{\w+\}|\$\w)(?:\w|\$\{\w+\}|\$\w)*$/;

const SEPARATOR = ";";
const REGEX = "(.*)";
const REPLACEMENT = "$1";

const FIELDS = ["source_labels", "separator", "regex", "modulus", "target_label", "replacement"] as const;
type Field = (typeof FIELDS)[number];

/** The fields an action reads, and those that must be there. */
interface Grammar {
  readonly reads: readonly Field[];
  readonly needs: readonly Field[];
  /** Whether any other field is a mistake; elsewhere it is without effect, as in Prometheus. */
  readonly strict?: true;
}

const MATCH = ["source_labels", "separator", "regex"] as const;
const FILTER: Grammar = { reads: MATCH, needs: [] };
const RECASE: Grammar = { reads: [...MATCH, "target_label"], needs: ["target_label"] };
const COMPARE: Grammar = { reads: ["source_labels", "target_label"], needs: ["target_label"], strict: true };
const BY_NAME: Grammar = { reads: ["regex"], needs: [], strict: true };

const GRAMMAR: Readonly<Record<RelabelAction, Grammar>> = {
  replace: { reads: [...MATCH, "target_label", "replacement"], needs: ["target_label"] },
  keep: FILTER,
  drop: FILTER,
  keepequal: COMPARE,
  dropequal: COMPARE,
  hashmod: { reads: [...MATCH, "modulus", "target_label"], needs: ["target_label", "modulus"] },
  labelmap: { reads: ["regex", "replacement"], needs: [] },
  labeldrop: BY_NAME,
  labelkeep: BY_NAME,
  lowercase: RECASE,
  uppercase: RECASE,
};

/** What every field stands for where it is left out. Files that Prometheus has written state them all. */
const DEFAULTS: ReadonlyMap<string, unknown> = new Map([
  ["separator", SEPARATOR],
  ["regex", REGEX],
  ["replacement", REPLACEMENT],
]);

const labelName = z.string().regex(NAME, {
  error: (issue) => `Cannot use label name ${JSON.stringify(issue.input)}: expected letters, digits and "_"`,
});

const fields = z.strictObject({
  action: z.enum(RELABEL_ACTIONS).prefault("replace").describe("What is done"),
  source_labels: z.array(labelName).optional().describe("Labels whose values are joined and matched"),
  separator: z.string().optional().describe(`What stands between the values joined; default: ${SEPARATOR}`),
  regex: parsed(compileRelabelRegex)
    .optional()
    .describe(`RE2 that must match the whole of the joined values (or of label names); default: ${REGEX}`),
  modulus: z.int().min(1).optional().describe("hashmod: by what the hash of the values is divided"),
  target_label: z.string().optional().describe("The label that is written"),
  replacement: z.string().optional().describe(`What is written, with $1 for what matched; default: ${REPLACEMENT}`),
});

const relabelRule = fields
  .superRefine((written, ctx) => {
    if (!RELABEL_ACTIONS.includes(written.action)) return;
    const { reads, needs, strict } = GRAMMAR[written.action];
    const set = fieldsSet(written, FIELDS);
    for (const key of needs) if (!set.includes(key)) ctx.addIssue(`${written.action} action requires '${key}'`);
    for (const key of strict ? set : []) {
      if (reads.some((field) => field === key) || isDefault(key, written)) continue;
      const message = `'${key}' cannot be set for ${written.action} action`;
      ctx.addIssue({ code: "custom", message, params: { key } });
    }
    const field = written.action === "labelmap" ? "replacement" : "target_label";
    const mistake = reads.includes(field) && nameMistake(written[field], written.action);
    if (mistake) ctx.addIssue({ code: "custom", message: mistake, path: [field] });
  }, onEveryMap)
  .transform(
    (written): RelabelRule => ({
      action: written.action,
      sourceLabels: written.source_labels ?? [],
      separator: written.separator ?? SEPARATOR,
      regex: written.regex ?? compileRelabelRegex(REGEX),
      replacement: written.replacement ?? REPLACEMENT,
      targetLabel: written.target_label ?? "",
      modulus: written.modulus ?? 0,
    }),
  )
  .meta({ id: "relabel_config" });

function isDefault(key: string, written: object): boolean {
  const value: unknown = written[key as keyof typeof written];
  return DEFAULTS.get(key) === (value instanceof RE2JS ? relabelRegexText(value) : value);
}

/** What is wrong with the name of the label an action writes. */
function nameMistake(name: unknown, action: RelabelAction): string | undefined {
  const templated = action === "replace" || action === "labelmap";
  if (typeof name !== "string" || (templated ? NAME_TEMPLATE : NAME).test(name)) return undefined;
  const wanted = templated ? 'letters, digits, "_" and references such as "$1"' : 'letters, digits and "_"';
  return `Cannot use label name ${JSON.stringify(name)}: expected ${wanted}`;
}

/** Steps of relabelling, in the order they are done. */
export const relabelConfigs = z.array(relabelRule).prefault([]);

/** The fields a rule's action reads, for whoever writes the rule down again. */
export const relabelFields = (action: RelabelAction): readonly string[] => GRAMMAR[action].reads;
