import { METRIC_NAME } from "../series/labels.ts";
import { type Matcher, type MatchOp, matcher } from "../series/matchers.ts";
import { PromqlError, type Span } from "./error.ts";
import { readString } from "./literals.ts";
import type { Token, Tokens } from "./tokens.ts";

const MATCH_OPS: readonly string[] = ["=", "!=", "=~", "!~"];

/** Reads `name{label="value", …}`, or either half alone; the metric name is one of the matchers. */
export function parseMatchers(tokens: Tokens): readonly Matcher[] {
  const { from } = tokens.peek();
  const matchers: Matcher[] = [];
  const name = tokens.peek().kind === "word" ? tokens.next().text : undefined;
  if (name !== undefined) matchers.push(matcher(METRIC_NAME, "=", name));
  if (tokens.take("{")) {
    while (!tokens.take("}")) {
      const { from: start } = tokens.peek();
      const { read, bare } = parseMatcher(tokens);
      const known = name ?? (bare ? nameOf(matchers) : undefined);
      if (read.name === METRIC_NAME && known !== undefined) {
        throw new PromqlError(`Cannot select series: the metric name is given twice, ${known} and ${read.value}`, {
          from: start,
          to: tokens.end,
        });
      }
      matchers.push(read);
      if (!tokens.take(",") && !tokens.isSign("}")) throw tokens.unexpected();
    }
  }
  if (matchers.every((m) => m.matches(""))) {
    const span: Span = { from, to: tokens.end };
    throw new PromqlError("Cannot select series: expected at least one matcher that excludes the empty value", span);
  }
  return matchers;
}

const nameOf = (matchers: readonly Matcher[]): string | undefined =>
  matchers.find((m) => m.name === METRIC_NAME && m.op === "=")?.value;

/** One condition; `bare` where it is a quoted metric name. */
function parseMatcher(tokens: Tokens): { read: Matcher; bare: boolean } {
  const first = tokens.peek();
  if (first.kind !== "word" && first.kind !== "string") throw tokens.unexpected();
  tokens.next();
  const name = labelName(first);
  const op = tokens.peek();
  if (first.kind === "string" && (tokens.isSign(",") || tokens.isSign("}"))) {
    return { read: matcher(METRIC_NAME, "=", name), bare: true };
  }
  if (op.kind !== "sign" || !MATCH_OPS.includes(op.text)) throw tokens.unexpected();
  tokens.next();
  const value = tokens.expect({ kind: "string" });
  try {
    return { read: matcher(name, op.text as MatchOp, readString(value.text, value)), bare: false };
  } catch (error) {
    if (error instanceof RangeError) throw new PromqlError(error.message, value);
    throw error;
  }
}

const labelName = (token: Token): string => (token.kind === "string" ? readString(token.text, token) : token.text);

/** Reads the label names of `by (…)`, `on (…)`, `group_left (…)`. */
export function parseLabelNames(tokens: Tokens): readonly string[] {
  const names: string[] = [];
  tokens.expect({ sign: "(" });
  while (!tokens.take(")")) {
    const token = tokens.peek();
    const plain = token.kind === "word" && !token.text.includes(":");
    if (!plain && token.kind !== "string") throw tokens.unexpected();
    names.push(labelName(tokens.next()));
    if (!tokens.take(",") && !tokens.isSign(")")) throw tokens.unexpected();
  }
  return names;
}
