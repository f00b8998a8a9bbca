import { type Node, nodeAt, plain } from "../documents/nodes.ts";
import { placeOf, type Span } from "../documents/source.ts";
import { durationMs, formatDuration } from "../series/time.ts";
import type { PlacedRule } from "./load.ts";
import type { AlertRule, Detect, Json, Position } from "./types.ts";

/** One field of a rule as it runs, and where it was written. */
export interface RuleField {
  /** Dotted, as overrides name it: `detect.fire.above`, `labels.severity`. */
  readonly path: string;
  readonly value: Json;
  /** Undefined where it is a default and nobody wrote it. */
  readonly from?: Position;
}

/** Every field of a rule that somebody wrote, in the rule's file, its group or an override; then the defaults it runs with. */
export function fieldsOf(placed: PlacedRule): readonly RuleField[] {
  const { document, path, rule } = placed;
  const written = [...fieldsIn(nodeAt(document.root, path), "")];
  const known = new Set(written.map((field) => field.path));
  const ofGroup = [...fieldsIn(nodeAt(document.root, [...path.slice(0, 2), "labels"]), "labels")];
  const fields = [...written, ...ofGroup.filter((field) => !known.has(field.path))];
  if (rule.kind === "record") return fields;
  const said = fields.map((field) => field.path);
  const isSaid = (name: string): boolean => said.some((one) => one === name || one.startsWith(`${name}.`));
  return [...fields, ...defaultsOf(rule).filter((field) => !isSaid(field.path))];
}

/** The leaves below a node; lists of plain values are one leaf. */
function* fieldsIn(node: Node | undefined, path: string): Iterable<RuleField> {
  if (node === undefined) return;
  const below = (name: string): string => (path === "" ? name : `${path}.${name}`);
  if (node.kind === "map") {
    for (const [name, { value }] of node.entries) yield* fieldsIn(value, below(name));
  } else if (node.kind === "list" && node.items.some((item) => item.kind === "map")) {
    for (const [i, item] of node.items.entries()) yield* fieldsIn(item, `${path}[${i}]`);
  } else if (node.kind === "list" || node.value !== undefined) {
    yield { path, value: plain(node, new Set(scalarsIn(node))) as Json, from: placeOf(startOf(node)) };
  }
}

/** What cannot be told from its value is shown as it was written: `version: 1.10` is not 1.1. */
function* scalarsIn(node: Node): Iterable<Node> {
  if (node.kind === "list") for (const item of node.items) yield* scalarsIn(item);
  if (node.kind === "scalar" && String(node.value) !== node.text) yield node;
}

const startOf = (node: Node): Span => (node.kind === "list" && node.items[0] ? node.items[0] : node);

/** What an alerting rule runs with where nothing is said. */
function defaultsOf(rule: AlertRule): readonly RuleField[] {
  const own: RuleField[] = [
    { path: "for", value: formatDuration(rule.for) },
    { path: "keep_firing_for", value: formatDuration(rule.keepFiringFor) },
  ];
  return rule.condition.kind === "expr" ? own : [...own, ...detectDefaults(rule.condition.detect)];
}

function detectDefaults(detect: Detect): readonly RuleField[] {
  const fields = detect.signal.kind === "models" ? { by: detect.by } : fieldsOfDetector(detect);
  return Object.entries(fields).map(([name, value]) => ({ path: `detect.${name}`, value }));
}

/** What a detector reads; of one that is told its bounds that is little. */
function fieldsOfDetector(detect: Detect): Readonly<Record<string, Json>> {
  const { detector, by, direction, against, baseline, fire, clear, learning } = detect;
  const { lasting, over, ...burst } = fire;
  if (detector === "threshold") {
    const { min_bad } = burst;
    const told = { ...(detect.signal.kind !== "level" && { min_bad }), over: formatDuration(over ?? durationMs(0)) };
    return { detector, by, direction, ...within("fire", told), ...within("clear", clear) };
  }
  return {
    ...{ detector, by, direction, against },
    ...{ "baseline.season": baseline.season, "baseline.half_life": formatDuration(baseline.half_life) },
    ...within("fire", burst),
    ...within("fire.lasting", { ...lasting }),
    ...within("clear", clear),
    ...within("learning", learning),
  };
}

const within = (name: string, fields: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [`${name}.${field}`, value]));
