import { RE2JS } from "re2js";
import { type Labels, METRIC_NAME } from "./labels.ts";

export type MatchOp = "=" | "!=" | "=~" | "!~";

/** One condition on one label. A label that is absent has the value "", as in Prometheus. */
export interface Matcher {
  readonly name: string;
  readonly op: MatchOp;
  readonly value: string;
  readonly matches: (value: string) => boolean;
}

/**
 * Builds a matcher. Regular expressions are RE2, anchored at both ends, with `.` matching newlines, as in Prometheus; they
 * run in linear time, so a label value chosen by an attacker cannot stall the program.
 * @throws RangeError on a regular expression RE2 refuses.
 */
export function matcher(name: string, op: MatchOp, value: string): Matcher {
  return { name, op, value, matches: test(op, value) };
}

function test(op: MatchOp, value: string): (found: string) => boolean {
  if (op === "=") return (found) => found === value;
  if (op === "!=") return (found) => found !== value;
  const regex = anchored(value);
  return op === "=~" ? (found) => regex.matches(found) : (found) => !regex.matches(found);
}

/** An RE2 expression that must match the whole text. */
function anchored(pattern: string): RE2JS {
  try {
    // By itself first, or "a)|(b" would escape the anchors.
    RE2JS.compile(pattern);
    return RE2JS.compile(`^(?:${pattern})$`, RE2JS.DOTALL);
  } catch (error) {
    throw new RangeError(`Cannot compile regular expression ${JSON.stringify(pattern)}: ${(error as Error).message}`);
  }
}

export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  for (const m of matchers) if (!m.matches(labels.get(m.name) ?? "")) return false;
  return true;
}

/** The one metric name these matchers allow; undefined where they allow several. */
export function metricNameOf(matchers: readonly Matcher[]): string | undefined {
  return matchers.find((m) => m.name === METRIC_NAME && m.op === "=")?.value;
}

export const formatMatcher = (m: Matcher): string => `${m.name}${m.op}${JSON.stringify(m.value)}`;
