import type { z } from "zod";
import { fieldsOf, type Located, locate, textWanted } from "./issues.ts";
import { type Mistake, mistakeAt, sortMistakes } from "./mistakes.ts";
import { type Document, keyAt, type Node, nodeAt, type Path, plain, spanAt } from "./nodes.ts";
import { offsetPosition } from "./offset-position.ts";
import type { Span } from "./source.ts";

/** What came of a check: a typed value, or everything that is wrong. */
export type Checked<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] };

/** A screen or two: who has more to mend starts with these. Also bounds the work a hostile file can ask for. */
const MAX_MISTAKES = 200;

/**
 * Checks a document against a schema. Every mistake is reported at once, with its place; mistakes of the document itself
 * come with them. A plain scalar such as `5` or `true` is accepted where a text is wanted, as in Prometheus' files.
 * @param describe names the place of a mistake in its message; by default its path, `groups[0].rules[0]`.
 */
export function check<S extends z.ZodType>(
  document: Document,
  schema: S,
  describe: (path: Path) => string = formatPath,
): Checked<z.output<S>> {
  const { root, mistakes } = document;
  if (root === undefined) return { kind: "mistakes", mistakes: sortMistakes(mistakes) };
  const asText = new Set<Node>();
  for (;;) {
    const result = schema.safeParse(plain(root, asText), { error: fieldsOf });
    if (result.success) {
      return mistakes.length === 0
        ? { kind: "ok", value: result.data }
        : { kind: "mistakes", mistakes: sortMistakes(mistakes) };
    }
    const found = result.error.issues.flatMap((issue) => textWanted(issue)).map((path) => nodeAt(root, path));
    const scalars = found.filter((node) => node?.kind === "scalar" && node.style === "plain" && !asText.has(node));
    if (scalars.length === 0) return { kind: "mistakes", mistakes: all(document, root, result.error, describe) };
    for (const node of scalars) if (node !== undefined) asText.add(node);
  }
}

function all(document: Document, root: Node, error: z.ZodError, describe: (path: Path) => string): readonly Mistake[] {
  const located = error.issues
    .slice(0, MAX_MISTAKES)
    .flatMap((issue) => locate(issue, root))
    .filter((at) => {
      const node = nodeAt(root, at.path);
      return node?.kind !== "scalar" || node.unknown === undefined;
    });
  const found = located.slice(0, MAX_MISTAKES).map((at) => {
    const place = describe(at.path);
    const message = withoutSecrets(at, root);
    return mistakeAt(spanOf(at, document, root), place === "" ? message : `${place}: ${message}`);
  });
  return sortMistakes([...document.mistakes, ...found]);
}

function spanOf(at: Located, document: Document, root: Node): Span {
  if (at.key !== undefined) return keyAt(root, [...at.path, at.key]) ?? spanAt(root, at.path);
  if (at.from !== undefined) return offsetPosition(document, at.path, at.from, at.to);
  return spanAt(root, at.path);
}

/** A value that came from the environment may be a secret: messages show what stands in the file instead. */
function withoutSecrets(at: Located, root: Node): string {
  const node = nodeAt(root, at.path);
  if (node?.kind !== "scalar" || node.template === undefined) return at.message;
  return at.message.replaceAll(JSON.stringify(node.text), JSON.stringify(node.template));
}

/** A path as people write it: `groups[0].rules[2].labels`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
