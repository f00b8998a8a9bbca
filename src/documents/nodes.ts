import type { Mistake } from "./mistakes.ts";
import type { ScalarValue } from "./scalars.ts";
import type { Source, Span } from "./source.ts";

/** How a scalar was written. */
export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded";

/** A scalar: `text` is what was written, escapes undone; `value` what it stands for. */
export interface ScalarNode extends Span {
  readonly kind: "scalar";
  readonly style: ScalarStyle;
  readonly text: string;
  readonly value: ScalarValue;
  /** What stood in the file where `text` was put together from the environment, which messages must not reveal. */
  readonly template?: string;
  /** What it stands for could not be found out, which is a mistake already; whatever else is wrong with it follows. */
  readonly unknown?: true;
}

interface ListNode extends Span {
  readonly kind: "list";
  readonly items: readonly Node[];
}

export interface MapNode extends Span {
  readonly kind: "map";
  /** By key, in the order written. */
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly key: Span;
  readonly value: Node;
}

/**
 * A value with its place. An anchor's node appears again wherever an alias names it, and a node may come from another
 * file than its parent (an override's does), so each knows its own source.
 */
export type Node = ScalarNode | ListNode | MapNode;

/** Map keys and list indexes from the root of a document. */
export type Path = readonly (string | number)[];

/** One file read as YAML: its values with positions, and what is already wrong with it. */
export interface Document {
  readonly source: Source;
  /** Undefined where the text is not YAML; then there are mistakes. */
  readonly root: Node | undefined;
  readonly mistakes: readonly Mistake[];
}

/** The child of a node; undefined where there is none. */
export function childOf(node: Node, step: string | number): Node | undefined {
  if (node.kind === "map") return node.entries.get(String(step))?.value;
  return node.kind === "list" && typeof step === "number" ? node.items[step] : undefined;
}

/** The node at a path; undefined where there is none. */
export function nodeAt(root: Node | undefined, path: Path): Node | undefined {
  let node = root;
  for (const step of path) node = node && childOf(node, step);
  return node;
}

/** The text of the scalar at a path; undefined where there is none. */
export function textAt(root: Node | undefined, path: Path): string | undefined {
  const node = nodeAt(root, path);
  return node?.kind === "scalar" ? node.text : undefined;
}

/**
 * The piece of a file to point at for a path: the scalar there; of a list or map the key that leads to it or its first
 * item; and where there is nothing at the path, the same of the nearest thing around it.
 */
export function spanAt(root: Node, path: Path): Span {
  let node = root;
  let key: Span | undefined;
  for (const step of path) {
    const child = childOf(node, step);
    if (child === undefined) break;
    key = node.kind === "map" ? node.entries.get(String(step))?.key : undefined;
    node = child;
  }
  if (node.kind === "scalar" && node.to > node.from) return node;
  return key ?? headOf(node);
}

/** The key that leads to the last step of a path; undefined where that is no key of a map. */
export function keyAt(root: Node, path: Path): Span | undefined {
  const parent = nodeAt(root, path.slice(0, -1));
  return parent?.kind === "map" ? parent.entries.get(String(path.at(-1)))?.key : undefined;
}

/** The first key of a map, the first item of a list, a scalar itself. */
function headOf(node: Node): Span {
  if (node.kind === "scalar") return node;
  if (node.kind === "list") return node.items[0] === undefined ? node : headOf(node.items[0]);
  for (const entry of node.entries.values()) return entry.key;
  return node;
}

/**
 * A node as plain values: maps become objects without a prototype, nulls undefined. Scalars in `asText` keep their text
 * whatever they stand for. Keys are safe: no document holds the key `__proto__`.
 */
export function plain(node: Node, asText: ReadonlySet<Node>): unknown {
  switch (node.kind) {
    case "scalar":
      if (!asText.has(node)) return node.value;
      return node.value === undefined ? "" : node.text;
    case "list":
      return node.items.map((item) => plain(item, asText));
    case "map": {
      const object: Record<string, unknown> = Object.create(null);
      for (const [key, entry] of node.entries) object[key] = plain(entry.value, asText);
      return object;
    }
  }
}
