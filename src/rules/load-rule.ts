import { type Document, nodeAt, type Path } from "../documents/nodes.ts";
import { placeOf } from "../documents/source.ts";
import { durationMs } from "../series/time.ts";
import { EVENT_KEEP_FIRING_FOR } from "./load-defaults.ts";
import type { WrittenGroup } from "./schema.ts";
import { parseTemplate } from "./template.ts";
import type { AlertRule, Condition, Position, RecordingRule, Rule } from "./types.ts";

type WrittenRule = NonNullable<WrittenGroup["rules"]>[number];

/** Builds one rule from what its schema read; the group's labels are laid under its own. */
export function buildRule(written: WrittenRule, group: WrittenGroup, document: Document, path: Path): Rule {
  const position = positionAt(document, path);
  const labels = [...new Map([...Object.entries(group.labels ?? {}), ...Object.entries(written.labels ?? {})])];
  const { alert, record, expr, detect } = written;
  if (record !== undefined && expr !== undefined) {
    const rule: RecordingRule = { kind: "record", name: record, group: group.name, ...expr, labels, position };
    return rule;
  }
  const condition: Condition | undefined = detect ? { kind: "detect", detect } : expr && { kind: "expr", ...expr };
  if (alert === undefined || condition === undefined) throw new Error("the schema let a rule without a condition pass");
  const except = (written.except ?? []).map(({ match, until, reason }, i) => {
    const at = positionAt(document, [...path, "except", i]);
    return { match, reason, position: at, ...(until === undefined ? {} : { until }) };
  });
  const missing = written.missing ?? detect?.missing;
  const rule: AlertRule = {
    kind: "alert",
    name: alert,
    group: group.name,
    condition,
    for: written.for ?? durationMs(0),
    keepFiringFor: written.keep_firing_for ?? defaultKeepFiringFor(condition),
    labels: labels.map(([name, text]) => [name, parseTemplate(text)]),
    annotations: Object.entries(written.annotations ?? {}).map(([name, text]) => [name, parseTemplate(text)]),
    except,
    position,
    ...(missing === undefined ? {} : { missing }),
  };
  return rule;
}

function defaultKeepFiringFor(condition: Condition) {
  const events = condition.kind === "detect" && condition.detect.signal.kind === "models";
  return events ? EVENT_KEEP_FIRING_FOR : durationMs(0);
}

function positionAt(document: Document, path: Path): Position {
  const node = nodeAt(document.root, path);
  return placeOf(node ?? { source: document.source, from: 0, to: 0 });
}
