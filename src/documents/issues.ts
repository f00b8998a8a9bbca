import { z } from "zod";
import { quote } from "./mistakes.ts";
import { type Node, nodeAt, type Path } from "./nodes.ts";
import { didYouMean } from "./suggest.ts";

type Issue = z.core.$ZodIssue;

/** A mistake before it has a place in a file. */
export interface Located {
  readonly path: Path;
  readonly message: string;
  /** The key at `path` that is meant, rather than what stands there. */
  readonly key?: string | undefined;
  /** The characters of the scalar at `path` that are meant. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/**
 * An error map for zod that says nothing but, of an unknown field, which fields the schema knows, one a line: the finished
 * issue no longer holds its schema.
 */
export function fieldsOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "unrecognized_keys" || !(issue.inst instanceof z.ZodObject)) return undefined;
  return Object.keys(issue.inst.shape).join("\n");
}

/** Paths at which a text was wanted and something else found, in unions as well. */
export function textWanted(issue: Issue, parent: Path = []): Path[] {
  const path = [...parent, ...(issue.path as Path)];
  if (issue.code === "invalid_union") return issue.errors.flatMap((e) => e.flatMap((inner) => textWanted(inner, path)));
  return issue.code === "invalid_type" && issue.expected === "string" ? [path] : [];
}

/** One of zod's issues in our words: usually one mistake, several where it names several fields. */
export function locate(issue: Issue, root: Node, parent: Path = []): Located[] {
  const path = [...parent, ...(issue.path as Path)];
  const name = path.at(-1);
  if (issue.code !== "custom" && typeof name === "string" && nodeAt(root, path) === undefined) {
    return [{ path: path.slice(0, -1), message: `missing field ${quote(name)}` }];
  }
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = issue.message.split("\n");
      return issue.keys.map((key) => {
        return { path, key, message: `unknown field ${quote(key)}${didYouMean(key, known)}` };
      });
    }
    case "invalid_key": {
      const message = issue.issues[0]?.message ?? "invalid name";
      return [{ path: path.slice(0, -1), key: String(path.at(-1)), message }];
    }
    case "invalid_union": {
      const [only, ...others] = issue.errors.filter((branch) => !branch.some(isOtherKind));
      if (only !== undefined && others.length === 0) return only.flatMap((inner) => locate(inner, root, path));
      return [{ path, message: expected(kindsOf(issue), root, path) }];
    }
    case "custom": {
      const { from, to, key }: Partial<Located> = issue.params ?? {};
      return [{ path, message: issue.message, from, to, key }];
    }
    default:
      return [{ path, message: wording(issue, root, path) }];
  }
}

/** Whether a value is of another kind than one branch of a union takes, so that the branch was not meant. */
function isOtherKind(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  return (
    issue.code === "invalid_type" || (issue.code === "invalid_union" && issue.errors.every((e) => e.some(isOtherKind)))
  );
}

/** The kinds of value a union takes, "text or a list". */
function kindsOf(issue: z.core.$ZodIssueInvalidUnion): string {
  const kinds = issue.errors.flat().map((inner) => {
    if (inner.code === "invalid_union") return kindsOf(inner);
    return inner.code === "invalid_type" ? kindName(inner.expected) : inner.message;
  });
  return [...new Set(kinds.flatMap((kind) => kind.split(" or ")))].join(" or ");
}

function wording(issue: Issue, root: Node, path: Path): string {
  switch (issue.code) {
    case "invalid_type":
      return expected(kindName(issue.expected), root, path);
    case "invalid_value": {
      const node = nodeAt(root, path);
      const values = issue.values.map(String);
      const hint = node?.kind === "scalar" ? didYouMean(node.text, values) : "";
      return expected(values.length === 1 ? values[0]! : `one of ${values.join(", ")}`, root, path) + hint;
    }
    case "too_small":
      return expected(bound(issue, issue.minimum, issue.inclusive === false ? "more than" : "at least"), root, path);
    case "too_big":
      return expected(bound(issue, issue.maximum, issue.inclusive === false ? "less than" : "at most"), root, path);
    default:
      return issue.message;
  }
}

function bound(issue: { readonly origin: string }, limit: number | bigint, relation: string): string {
  const units: Readonly<Record<string, string>> = { string: " characters", array: " items" };
  const one = relation === "at least" && Number(limit) === 1;
  if (one && issue.origin === "string") return "a text that is not empty";
  if (one && issue.origin === "array") return "at least one item";
  return `${relation} ${limit}${units[issue.origin] ?? ""}`;
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ["string", "text"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["array", "a list"],
  ["object", "a map"],
  ["record", "a map"],
]);

const kindName = (kind: string): string => KINDS.get(kind) ?? kind;

function expected(wanted: string, root: Node, path: Path): string {
  const node = nodeAt(root, path);
  return `expected ${wanted}, found ${node === undefined ? "nothing" : received(node)}`;
}

function received(node: Node): string {
  if (node.kind === "map") return "a map";
  if (node.kind === "list") return node.items.length === 0 ? "an empty list" : "a list";
  if (node.template !== undefined) return quote(node.template);
  if (node.value === undefined) return "nothing";
  return typeof node.value === "string" ? quote(node.text) : node.text;
}
