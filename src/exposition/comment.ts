import { bytesAsText, endOfMetricName, HASH, isBlank, skipBlanks } from "./ascii.ts";
import type { MetricType } from "./page.ts";

/** What a line that starts with # says. */
type Comment =
  | { readonly kind: "none" }
  | { readonly kind: "help"; readonly family: string }
  | { readonly kind: "type"; readonly family: string; readonly type: MetricType }
  | { readonly kind: "malformed"; readonly why: string };

const NONE: Comment = { kind: "none" };
const LONGEST_TYPE = "histogram".length;

/**
 * Reads a line that starts with # at `start`. HELP may be empty, its text is not kept. TYPE is read in any case and with
 * any number of blanks (Prometheus 2.42 wants lower case, and one blank before it). Everything else is a comment, `# EOF`
 * and `#TYPE` too.
 */
export function readComment(bytes: Uint8Array, start: number, end: number): Comment {
  const keyword = skipBlanks(bytes, start + 1);
  if (bytes[start] !== HASH || keyword === start + 1) return NONE;
  const isHelp = isKeyword(bytes, keyword, "HELP");
  if (!isHelp && !isKeyword(bytes, keyword, "TYPE")) return NONE;
  const name = skipBlanks(bytes, keyword + 4);
  if (name === end) return NONE;
  const nameEnd = endOfMetricName(bytes, name);
  if (nameEnd === name || (nameEnd < end && !isBlank(bytes[nameEnd]!))) {
    return { kind: "malformed", why: "expected a metric name after HELP or TYPE" };
  }
  const family = bytesAsText(bytes.subarray(name, nameEnd));
  if (isHelp) return { kind: "help", family };
  const type = readType(bytes, skipBlanks(bytes, nameEnd), end);
  if (type !== undefined) return { kind: "type", family, type };
  return { kind: "malformed", why: "expected the type counter, gauge, histogram, summary or untyped" };
}

function isKeyword(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  return isBlank(bytes[at + word.length]!);
}

function readType(bytes: Uint8Array, from: number, end: number): MetricType | undefined {
  let to = end;
  while (to > from && isBlank(bytes[to - 1]!)) to--;
  if (to - from > LONGEST_TYPE) return undefined;
  const word = bytesAsText(bytes.subarray(from, to)).toLowerCase();
  switch (word) {
    case "counter":
    case "gauge":
    case "histogram":
    case "summary":
    case "untyped":
      return word;
    default:
      return undefined;
  }
}
