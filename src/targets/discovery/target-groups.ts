import { z } from "zod";
import { type Checked, check, formatPath } from "../../documents/check.ts";
import type { Path } from "../../documents/nodes.ts";
import { readDocument } from "../../documents/read-document.ts";
import { Labels } from "../../series/labels.ts";
import { printable } from "../../telemetry/printable.ts";
import type { TargetGroup } from "./discovery.ts";
import { labelWeight, MAX_TARGETS, tooMuch } from "./weight.ts";

const MAX_VALUE = 4_096;
const MAX_LABELS = 64;
/** Lists and maps of an answer; a group has three. Each costs far more memory than the two characters it may be written with. */
const MAX_COLLECTIONS = 100_000;

const text = z.string().max(MAX_VALUE);
const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, {
  error: (issue) => `Cannot use label ${JSON.stringify(issue.input)}: expected letters, digits and _`,
});
const group = z.strictObject({ targets: z.array(text), labels: z.record(labelName, text).optional() });
// What is too much is not looked at any closer: that alone would fill the memory.
const groups = z
  .unknown()
  .superRefine((written, context) => {
    const found = excess(written);
    if (found !== undefined) context.addIssue({ code: "custom", path: [...found.path], message: found.message });
  })
  .pipe(z.array(group));

type WrittenGroups = z.output<typeof groups>;

/** Reads the groups of a file, JSON or YAML; what is wrong comes with its place. */
export const readGroups = (file: string, content: string): Checked<WrittenGroups> =>
  check(readDocument(file, content), groups);

/** Reads the groups of an answer. @throws RangeError on anything else, in one line */
export function parseGroups(json: string): WrittenGroups {
  const parsed = groups.safeParse(parseJson(json));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = printable(formatPath((issue?.path ?? []) as Path), 200);
  throw new RangeError(
    `Cannot read target groups: ${place === "" ? "" : `${place}: `}${printable(issue?.message ?? "", 200)}`,
  );
}

function parseJson(json: string): unknown {
  let collections = 0;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) collections++;
  }
  if (collections > MAX_COLLECTIONS) {
    throw new RangeError(`Cannot read target groups: expected at most ${MAX_COLLECTIONS} of [ and {`);
  }
  try {
    return JSON.parse(json);
  } catch {
    // What JSON.parse says quotes the text, which may be anything.
    throw new RangeError('Cannot read target groups: expected JSON, for example [{"targets":["gpu-7:8002"]}]');
  }
}

/** The first thing there is too much of in what may be groups; undefined where there is none. */
function excess(
  written: unknown,
): { readonly path: readonly (string | number)[]; readonly message: string } | undefined {
  if (!Array.isArray(written)) return undefined;
  if (written.length > MAX_TARGETS) {
    return { path: [], message: `Cannot use ${written.length} groups: expected at most ${MAX_TARGETS}` };
  }
  let [targets, weight] = [0, 0];
  for (const [i, one] of (written as readonly unknown[]).entries()) {
    const { targets: addresses, labels } = fields(one);
    const common = Object.entries(fields(labels));
    if (common.length > MAX_LABELS) {
      const message = `Cannot use ${common.length} labels: expected at most ${MAX_LABELS}`;
      return { path: [i, "labels"], message };
    }
    if (!Array.isArray(addresses)) continue;
    targets += addresses.length;
    weight += addresses.length * common.reduce((sum, [name, value]) => sum + labelWeight(name, String(value)), 0);
    for (const address of addresses) weight += labelWeight("__address__", typeof address === "string" ? address : "");
  }
  const message = tooMuch({ targets, weight });
  return message === undefined ? undefined : { path: [], message };
}

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** Groups as they were written, as groups of targets: what is said of a target goes before what is said of its group. */
export function groupsFrom(
  source: string,
  written: WrittenGroups,
  meta: Readonly<Record<string, string>>,
): TargetGroup[] {
  return written.map(({ targets, labels = {} }, i) => {
    const common = Labels.of(labels).with(meta);
    return {
      source: `${source}:${i}`,
      targets: targets.map((address) => common.with({ __address__: address })),
    };
  });
}
