import { Composer, Parser, type YAMLError, type Document as YamlDocument } from "yaml";
import { type Mistake, mistakeAt } from "./mistakes.ts";
import { tooDeep } from "./nesting.ts";
import type { Document, Node } from "./nodes.ts";
import { type Source, source } from "./source.ts";
import { TreeReader } from "./tree-reader.ts";

/** In UTF-16 units: no file in a Kubernetes ConfigMap can be larger, and the YAML parser has corners that are quadratic. */
const MAX_LENGTH = 1024 * 1024;
const MAX_DEPTH = 64;
/** A broken file breaks YAML's grammar over and over; the first breaks are the ones to mend. */
const MAX_SYNTAX_MISTAKES = 5;

/**
 * Reads a text as one YAML 1.2 document. Never throws: what is wrong stands in `mistakes`, all of it at once. A text
 * without content reads as an empty map. Merge keys (`<<`) work as in Prometheus' files; tags other than `!!str` do not.
 */
export function readDocument(file: string, text: string): Document {
  const from = source(file, text);
  if (text.length > MAX_LENGTH) {
    const message = `Cannot read file: expected at most ${MAX_LENGTH} characters, found ${text.length}`;
    return broken(from, [mistakeAt({ source: from, from: 0, to: 0 }, message)]);
  }
  const composed = compose(from);
  if (!("document" in composed)) return broken(from, composed.mistakes);
  const { contents } = composed.document;
  if (contents === null) return { source: from, root: emptyMap(from), mistakes: [] };
  const reader = new TreeReader(from);
  const root = reader.read(contents);
  if (root === undefined) return broken(from, reader.mistakes);
  const empty = root.kind === "scalar" && root.value === undefined;
  return { source: from, root: empty ? emptyMap(from) : root, mistakes: reader.mistakes };
}

const broken = (from: Source, mistakes: readonly Mistake[]): Document => ({ source: from, root: undefined, mistakes });

const emptyMap = (from: Source): Node => ({ kind: "map", entries: new Map(), source: from, from: 0, to: 0 });

/** From text to the parser's own tree of one document. */
function compose(from: Source): { document: YamlDocument.Parsed } | { mistakes: readonly Mistake[] } {
  const tokens = [...new Parser().parse(from.text)];
  for (const token of tokens) {
    const at = tooDeep(token, MAX_DEPTH);
    if (at === undefined) continue;
    const message = `Cannot read YAML: expected at most ${MAX_DEPTH} levels of nesting`;
    return { mistakes: [mistakeAt({ source: from, from: at, to: at }, message)] };
  }
  // "failsafe" keeps every scalar a text: what plain ones stand for is decided here, once, for files and environment alike.
  const composer = new Composer({ version: "1.2", schema: "failsafe", uniqueKeys: false, logLevel: "silent" });
  const documents: YamlDocument.Parsed[] = [];
  for (const document of composer.compose(tokens, true, from.text.length)) {
    // A third document would say nothing that a second does not.
    if (documents.push(document) === 2) break;
  }
  const errors = documents.flatMap((d) => [...d.errors, ...d.warnings]).sort((a, b) => a.pos[0] - b.pos[0]);
  if (errors.length > 0) return { mistakes: errors.slice(0, MAX_SYNTAX_MISTAKES).map((e) => syntaxMistake(from, e)) };
  const [first, second] = documents;
  if (second !== undefined) {
    const at = from.text.indexOf("---", first!.range[1]);
    const start = at < 0 ? second.range[0] : at;
    const message = 'Cannot read YAML: expected one document, found another after "---"';
    return { mistakes: [mistakeAt({ source: from, from: start, to: start + 3 }, message)] };
  }
  return { document: first as YamlDocument.Parsed };
}

function syntaxMistake(from: Source, error: YAMLError): Mistake {
  const [start, end] = error.pos;
  const what = error.message.replace(/[.:]$/, "");
  // Within [ ] and { } YAML takes the brace of a reference for its own.
  const reference = from.text.slice(Math.max(0, start - 2), start + 1).includes("${");
  const hint = reference ? "; put references to the environment in quotes within [ ] and { }" : "";
  return mistakeAt(
    { source: from, from: Math.min(start, from.text.length), to: end },
    `Cannot read YAML: ${what}${hint}`,
  );
}
