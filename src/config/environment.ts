import { type Mistake, mistakeAt } from "../documents/mistakes.ts";
import type { Document, Node, ScalarNode } from "../documents/nodes.ts";
import { offsetOf } from "../documents/scalar-offsets.ts";
import { resolvePlain } from "../documents/scalars.ts";

/** `${NAME}`, `${NAME:-default}`, and `$${` for a `${` that stays. */
const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Puts environment variables into the values of a document; keys are left alone, and so is what a value turns out to be:
 * it cannot add lists, maps or further references. A variable that is not set and has no default is a mistake; one that is
 * empty takes the default, as in a shell. An unquoted value is read anew, so `${LIMIT}` can be a number.
 */
export function expandEnvironment(document: Document, env: ReadonlyMap<string, string>): Document {
  if (document.root === undefined) return document;
  const mistakes: Mistake[] = [];
  const root = expandNode(document.root, env, mistakes);
  return { ...document, root, mistakes: [...document.mistakes, ...mistakes] };
}

function expandNode(node: Node, env: ReadonlyMap<string, string>, mistakes: Mistake[]): Node {
  switch (node.kind) {
    case "scalar":
      return node.text.includes("${") ? expandScalar(node, env, mistakes) : node;
    case "list":
      return { ...node, items: node.items.map((item) => expandNode(item, env, mistakes)) };
    case "map": {
      const entries = [...node.entries].map(([key, entry]) => {
        return [key, { ...entry, value: expandNode(entry.value, env, mistakes) }] as const;
      });
      return { ...node, entries: new Map(entries) };
    }
  }
}

function expandScalar(node: ScalarNode, env: ReadonlyMap<string, string>, mistakes: Mistake[]): Node {
  const before = mistakes.length;
  const text = node.text.replace(
    REFERENCE,
    (whole: string, name: string | undefined, fallback: string | undefined, at) => {
      if (name === undefined) return "${";
      const value = env.get(name);
      if (value !== undefined && (value !== "" || fallback === undefined)) return value;
      if (fallback !== undefined) return fallback;
      const from = offsetOf(node, at);
      const message = `Cannot expand ${JSON.stringify(whole)}: environment variable ${name} is not set and has no default`;
      mistakes.push(mistakeAt({ source: node.source, from, to: from + whole.length }, message));
      return "";
    },
  );
  const value = node.style === "plain" ? resolvePlain(text.trim()) : text;
  const unknown = mistakes.length > before ? ({ unknown: true } as const) : {};
  return { ...node, text, value, template: node.text, ...unknown };
}

/** Writes a text so that `expandEnvironment` gives back just that text. */
export const escapeReferences = (text: string): string =>
  text.replace(/\$\$\{|\$\{(?=[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?\})/g, (found) => `$${found}`);
