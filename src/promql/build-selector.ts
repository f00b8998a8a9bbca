import type { SyntaxNode } from "@lezer/common";
import { METRIC_NAME } from "../series/labels.ts";
import { type Matcher, type MatchOp, matcher } from "../series/matchers.ts";
import { type DurationMs, durationMs } from "../series/time.ts";
import { PromqlError, unsupported } from "./error.ts";
import { readNumber, readString } from "./literals.ts";
import { childOf, childrenOf } from "./syntax.ts";

/** Reads the matchers of a VectorSelector node; the metric name is one of them. */
export function readMatchers(node: SyntaxNode, text: string): readonly Matcher[] {
  const matchers: Matcher[] = [];
  const identifier = childOf(node, "Identifier");
  if (identifier) matchers.push(matcher(METRIC_NAME, "=", text.slice(identifier.from, identifier.to)));
  const list = childOf(node, "LabelMatchers");
  for (const child of list ? childrenOf(list) : []) {
    const read = readMatcher(child, text);
    if (read.name === METRIC_NAME && child.name === "QuotedLabelName" && nameOf(matchers) !== undefined) {
      throw setTwice(nameOf(matchers)!, read.value, child);
    }
    if (read.name === METRIC_NAME && identifier) throw setTwice(matchers[0]!.value, read.value, child);
    matchers.push(read);
  }
  if (matchers.every((m) => m.matches(""))) {
    throw new PromqlError("Cannot select series: expected at least one matcher that excludes the empty value", node);
  }
  return matchers;
}

const nameOf = (matchers: readonly Matcher[]): string | undefined =>
  matchers.find((m) => m.name === METRIC_NAME && m.op === "=")?.value;

const setTwice = (first: string, second: string, at: SyntaxNode): PromqlError =>
  new PromqlError(`Cannot select series: the metric name is given twice, ${first} and ${second}`, at);

function readMatcher(node: SyntaxNode, text: string): Matcher {
  const slice = (part: SyntaxNode) => text.slice(part.from, part.to);
  if (node.name === "QuotedLabelName") return matcher(METRIC_NAME, "=", readString(slice(node), node));
  const [label, op, value] = childrenOf(node);
  const name = label!.name === "QuotedLabelName" ? readString(slice(label!), label!) : slice(label!);
  try {
    return matcher(name, slice(op!) as MatchOp, readString(slice(value!), value!));
  } catch (error) {
    if (error instanceof RangeError) throw new PromqlError(error.message, value!);
    throw error;
  }
}

/** Reads the window of a MatrixSelector's DurationExpr node: a duration, or a number of seconds. */
export function readRange(node: SyntaxNode, text: string): DurationMs {
  const [literal, more] = childrenOf(node);
  if (literal?.name !== "NumberDurationLiteralInDurationContext" || more) {
    throw unsupported("A duration expression", node);
  }
  const written = text.slice(literal.from, literal.to);
  const ms = Math.round(readNumber(written, literal) * 1000);
  if (ms > 0 && Number.isSafeInteger(ms)) return durationMs(ms);
  throw new PromqlError(`Cannot use ${written} as a range: expected a duration longer than zero`, literal);
}
