import { type Mistake, mistakeAt, quote } from "../documents/mistakes.ts";
import {
  childOf,
  type Document,
  type Entry,
  type MapNode,
  type Node,
  nodeAt,
  type ScalarNode,
} from "../documents/nodes.ts";
import { placeOf, type Span } from "../documents/source.ts";
import { didYouMean } from "../documents/suggest.ts";
import type { Position } from "./types.ts";

/** Rule files with the overrides of all of them applied. */
export interface Overridden {
  readonly documents: readonly Document[];
  /** Rules that were switched off, and where: checked like all others, never run. */
  readonly disabled: ReadonlyMap<Node, Position>;
  readonly mistakes: readonly Mistake[];
}

/** Comparing names with all others is slow; nobody reads on after so many. */
const MAX_MISTAKES = 100;

/** Bounds the work of overriding alerts of which there are many with one name. */
const MAX_ASSIGNMENTS = 10_000;

interface Override {
  readonly alert: ScalarNode;
  readonly set: readonly (readonly [path: string, entry: Entry])[];
  /** Whether it is switched off, and where that is said. */
  readonly disabled: { readonly off: boolean; readonly at: Span } | undefined;
}

/**
 * Applies the `overrides:` of rule files to the alerts of all of them, file by file in the order given; later ones win.
 * It works on what was written, before rules are checked, and new values keep their own place: what is wrong with them is
 * reported where the override stands. Overrides that are malformed are passed over here; the schema reports them.
 */
export function applyOverrides(documents: readonly Document[]): Overridden {
  const overrides = documents.flatMap((document) => itemsOf(document.root, ["overrides"]).flatMap(readOverride));
  const names = new Set(documents.flatMap((d) => rulesOf(d.root).flatMap((rule) => nameOf(rule) ?? [])));
  const mistakes: Mistake[] = [];
  for (const { alert } of overrides) {
    if (names.has(alert.text) || mistakes.length === MAX_MISTAKES) continue;
    mistakes.push(
      mistakeAt(
        alert,
        `Cannot override alert ${quote(alert.text)}: no rule has that name${didYouMean(alert.text, names)}`,
      ),
    );
  }
  const byAlert = changesByAlert(overrides);
  const disabled = new Map<Node, Position>();
  let budget = MAX_ASSIGNMENTS;
  const change = (rule: Node): Node => {
    const changes = byAlert.get(nameOf(rule) ?? "");
    if (rule.kind !== "map" || changes === undefined) return rule;
    let changed = rule;
    for (const [path, entry] of changes.set) {
      if (--budget < 0) break;
      const result = assign(changed, pathOf(path), entry);
      if (typeof result !== "string") changed = result;
      else if (mistakes.length < MAX_MISTAKES)
        mistakes.push(mistakeAt(entry.key, `Cannot set ${quote(path)}: ${result}`));
    }
    if (changes.disabled?.off) disabled.set(changed, placeOf(changes.disabled.at));
    return changed;
  };
  const changed = overrides.length === 0 ? documents : documents.map((d) => withRules(d, change));
  const [first] = overrides;
  if (budget < 0 && first !== undefined) {
    mistakes.push(mistakeAt(first.alert, `Cannot apply overrides: expected at most ${MAX_ASSIGNMENTS} changes in all`));
  }
  return { documents: changed, disabled, mistakes };
}

interface Changes {
  readonly set: Map<string, Entry>;
  disabled: Override["disabled"];
}

/** All that is changed of each alert, in the order in which it was last said. */
function changesByAlert(overrides: readonly Override[]): ReadonlyMap<string, Changes> {
  const byAlert = new Map<string, Changes>();
  for (const { alert, set, disabled } of overrides) {
    const changes = byAlert.get(alert.text) ?? { set: new Map(), disabled: undefined };
    byAlert.set(alert.text, changes);
    for (const [path, entry] of set) {
      changes.set.delete(path);
      changes.set.set(path, entry);
    }
    changes.disabled = disabled ?? changes.disabled;
  }
  return byAlert;
}

function itemsOf(root: Node | undefined, path: readonly (string | number)[]): readonly Node[] {
  const node = nodeAt(root, path);
  return node?.kind === "list" ? node.items : [];
}

const rulesOf = (root: Node | undefined): Node[] =>
  itemsOf(root, ["groups"]).flatMap((group) => itemsOf(group, ["rules"]));

function nameOf(rule: Node): string | undefined {
  const alert = childOf(rule, "alert");
  return alert?.kind === "scalar" ? alert.text : undefined;
}

function readOverride(node: Node): Override[] {
  const alert = childOf(node, "alert");
  const set = childOf(node, "set");
  if (alert?.kind !== "scalar") return [];
  const entries = set?.kind === "map" ? [...set.entries] : [];
  return [{ alert, set: entries, disabled: flagOf(childOf(node, "disabled")) }];
}

const flagOf = (node: Node | undefined): Override["disabled"] =>
  node?.kind === "scalar" && typeof node.value === "boolean" ? { off: node.value, at: node } : undefined;

/** A document whose rules went through `change`; nodes around them are copied, never written to. */
function withRules(document: Document, change: (rule: Node) => Node): Document {
  const { root } = document;
  if (root === undefined) return document;
  return { ...document, root: inList(root, "groups", (group) => inList(group, "rules", change)) };
}

function inList(node: Node, key: string, change: (item: Node) => Node): Node {
  const entry = node.kind === "map" ? node.entries.get(key) : undefined;
  if (node.kind !== "map" || entry?.value.kind !== "list") return node;
  return withEntry(node, key, { key: entry.key, value: { ...entry.value, items: entry.value.items.map(change) } });
}

const withEntry = (node: MapNode, name: string, entry: Entry): MapNode => ({
  ...node,
  entries: new Map(node.entries).set(name, entry),
});

/** A dotted path; names of labels and annotations are taken whole, dots and all. */
function pathOf(text: string): readonly string[] {
  const [first = "", ...rest] = text.split(".");
  return (first === "labels" || first === "annotations") && rest.length > 0
    ? [first, rest.join(".")]
    : [first, ...rest];
}

/** A map with one entry laid into it, however deep; or why that cannot be. Null takes the entry away. */
function assign(node: MapNode, path: readonly string[], entry: Entry, before = 0): MapNode | string {
  const [name = "", ...rest] = path;
  if (before === 0 && (name === "alert" || name === "record")) return "a rule keeps its name";
  const key = segmentOf(entry, before, name);
  if (rest.length === 0) {
    if (entry.value.kind !== "scalar" || entry.value.value !== undefined) {
      return withEntry(node, name, { key, value: entry.value });
    }
    const entries = new Map(node.entries);
    entries.delete(name);
    return { ...node, entries };
  }
  const old = node.entries.get(name);
  if (before === 0 && name === "detect" && old === undefined) return 'the rule has no "detect"';
  const empty: MapNode = { ...key, kind: "map", entries: new Map() };
  const child = old === undefined || isNull(old.value) ? empty : old.value;
  if (child.kind !== "map") return `${quote(name)} has no fields`;
  const changed = assign(child, rest, entry, before + name.length + 1);
  return typeof changed === "string" ? changed : withEntry(node, name, { key: old?.key ?? key, value: changed });
}

const isNull = (node: Node): boolean => node.kind === "scalar" && node.value === undefined;

/** The place of one segment of a dotted key. */
function segmentOf(entry: Entry, before: number, name: string) {
  const { source, from, to } = entry.key;
  const start = from + before + ("\"'".includes(source.text[from] ?? " ") ? 1 : 0);
  return { source, from: start, to: Math.min(start + name.length, to) };
}
