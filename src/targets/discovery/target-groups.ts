import { z } from "zod";
import { type Checked, check, formatPath } from "../../documents/check.ts";
import type { Path } from "../../documents/nodes.ts";
import { readDocument } from "../../documents/read-document.ts";
import { Labels } from "../../series/labels.ts";
import { printable } from "../../telemetry/printable.ts";
import type { TargetGroup } from "./discovery.ts";

const MAX_VALUE = 4_096;

const text = z.string().max(MAX_VALUE);
const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, {
  error: (issue) => `Cannot use label ${JSON.stringify(issue.input)}: expected letters, digits and _`,
});
const group = z.strictObject({ targets: z.array(text), labels: z.record(labelName, text).optional() });
const groups = z.array(group);

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
  try {
    return JSON.parse(json);
  } catch {
    // What JSON.parse says quotes the text, which may be anything.
    throw new RangeError('Cannot read target groups: expected JSON, for example [{"targets":["gpu-7:8002"]}]');
  }
}

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
