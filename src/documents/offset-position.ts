import { type Document, nodeAt, type Path, spanAt } from "./nodes.ts";
import { offsetOf } from "./scalar-offsets.ts";
import type { Span } from "./source.ts";

/**
 * The piece of the file where the characters `from` up to `to` of the scalar at `path` were written, counted in UTF-16
 * units of its text. Where there is no scalar, the nearest thing to it.
 */
export function offsetPosition(document: Document, path: Path, from: number, to: number = from): Span {
  const node = nodeAt(document.root, path);
  if (node?.kind !== "scalar") return spanAtOrStart(document, path);
  const start = offsetOf(node, from);
  // The last character's place, not the place after it: that may be a line further down.
  const end = to > from ? offsetOf(node, to - 1) + 1 : start + 1;
  return { source: node.source, from: start, to: Math.max(end, start + 1) };
}

const spanAtOrStart = (document: Document, path: Path): Span =>
  document.root === undefined ? { source: document.source, from: 0, to: 0 } : spanAt(document.root, path);
