import type { ScalarNode } from "./nodes.ts";

/** For each character of a scalar's text its offset in the file, and one more for its end. */
type Offsets = readonly number[];

const ESCAPE_LENGTHS: ReadonlyMap<string, number> = new Map([
  ["x", 4],
  ["u", 6],
  ["U", 10],
]);

/**
 * Where in the file the character at `index` of a scalar's text was written. Right for every style of scalar, escapes
 * and folded lines included; the scalar's beginning where its text does not come from this file alone.
 */
export function offsetOf(node: ScalarNode, index: number): number {
  if (node.template !== undefined) return node.from;
  const offsets = node.style === "literal" || node.style === "folded" ? blockOffsets(node) : flowOffsets(node);
  return offsets?.[Math.max(0, Math.min(index, node.text.length))] ?? node.from;
}

/** Plain and quoted scalars; undefined where text and file cannot be brought together. */
function flowOffsets(node: ScalarNode): Offsets | undefined {
  const written = node.source.text;
  const quoted = node.style === "plain" ? 0 : 1;
  const end = node.to - quoted;
  const offsets: number[] = [];
  let at = node.from + quoted;
  while (at < end) {
    const gap = gapAt(written, at, end);
    if (gap.breaks > 0) {
      // One line break is a space, each further one a newline (YAML 1.2 §6.5).
      for (let i = 0; i < Math.max(1, gap.breaks - 1); i++) offsets.push(at);
      at = gap.end;
    } else if (gap.end > at) {
      for (; at < gap.end; at++) offsets.push(at);
    } else if (node.style === "double" && written[at] === "\\") {
      at = escapeAt(node, at, offsets);
    } else {
      if (written[at] !== node.text[offsets.length]) return undefined;
      offsets.push(at);
      at += node.style === "single" && written[at] === "'" ? 2 : 1;
    }
  }
  if (offsets.length !== node.text.length) return undefined;
  return [...offsets, end];
}

/** The run of blanks and line breaks at an offset. */
function gapAt(written: string, from: number, end: number): { end: number; breaks: number } {
  let at = from;
  let breaks = 0;
  for (; at < end && " \t\r\n".includes(written[at]!); at++) if (written[at] === "\n") breaks++;
  return { end: at, breaks };
}

/** Passes over the escape sequence at an offset and notes where the characters it stands for were written. */
function escapeAt(node: ScalarNode, at: number, offsets: number[]): number {
  const written = node.source.text;
  const gap = gapAt(written, at + 1, node.to - 1);
  const escaped = written[at + 1] ?? "";
  if (gap.breaks > 0 && "\r\n".includes(escaped)) {
    // An escaped line break is nothing; empty lines after it are newlines.
    for (let i = 1; i < gap.breaks; i++) offsets.push(at);
    return gap.end;
  }
  const length = ESCAPE_LENGTHS.get(escaped) ?? 2;
  const units = escaped === "U" && (node.text.codePointAt(offsets.length) ?? 0) > 0xffff ? 2 : 1;
  for (let i = 0; i < units; i++) offsets.push(at);
  return at + length;
}

/** Block scalars: each line of the file that is not empty is found again in the text, in order. */
function blockOffsets(node: ScalarNode): Offsets | undefined {
  const written = node.source.text;
  const lines = blockLines(node);
  const indent =
    leadingBlanks(lines.find(hasContent)?.text ?? "") -
    leadingBlanks(node.text.split("\n").find((l) => l.trim() !== "") ?? "");
  const offsets: number[] = [];
  let lastEnd = Math.min(node.to, written.length);
  for (const { start, text } of lines) {
    const kept = text.slice(indent);
    if (kept === "") continue;
    while (isBreak(node, offsets.length, kept)) offsets.push(lastEnd);
    if (!node.text.startsWith(kept, offsets.length)) return undefined;
    for (let i = 0; i < kept.length; i++) offsets.push(start + indent + i);
    lastEnd = start + text.length;
  }
  while (offsets.length <= node.text.length) offsets.push(lastEnd);
  return offsets;
}

/** The lines below a block scalar's header. */
function blockLines(node: ScalarNode): { start: number; text: string }[] {
  const written = node.source.text;
  const lines: { start: number; text: string }[] = [];
  let start = written.indexOf("\n", node.from) + 1;
  while (start > 0 && start < node.to) {
    const next = written.indexOf("\n", start) + 1;
    const end = next === 0 ? node.to : Math.min(next - 1, node.to);
    lines.push({ start, text: written.slice(start, end).replace(/\r$/, "") });
    start = next;
  }
  return lines;
}

const hasContent = (line: { readonly text: string }): boolean => line.text.trim() !== "";

function leadingBlanks(line: string): number {
  let n = 0;
  while (line[n] === " ") n++;
  return n;
}

/** Whether the character of the text at `index` is a line break or, folded, stands for one before the line `kept`. */
function isBreak(node: ScalarNode, index: number, kept: string): boolean {
  const character = node.text[index];
  return character === "\n" || (character === " " && node.style === "folded" && !kept.startsWith(" "));
}
