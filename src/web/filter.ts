import { type Matcher, type MatchOp, matcher } from "../series/matchers.ts";

const NAME = "[a-zA-Z_][a-zA-Z0-9_]*";
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const MATCHER = new RegExp(`\\s*(${NAME})\\s*(=~|!~|!=|=)\\s*(${QUOTED}|[^\\s",{}]+)\\s*(?:,|$)`, "suy");
const EXAMPLE = 'expected matchers, for example severity="critical",model=~"bert.*"';

/**
 * Reads matchers as Alertmanager's API and PromQL write them: `a="b",c=~"d.*"`, with or without braces around them; quotes may
 * be left out where the value has no blank, comma, quote or brace.
 * @throws RangeError saying what is expected
 */
export function parseFilter(text: string): readonly Matcher[] {
  const inner = /^\s*\{([\s\S]*)\}\s*$/.exec(text)?.[1] ?? text;
  const found: Matcher[] = [];
  MATCHER.lastIndex = 0;
  while (inner.slice(MATCHER.lastIndex).trim() !== "") {
    const [, name, op, value] = MATCHER.exec(inner) ?? [];
    if (name === undefined) throw new RangeError(EXAMPLE);
    found.push(matcher(name, op as MatchOp, readValue(value!)));
  }
  return found;
}

function readValue(written: string): string {
  if (!written.startsWith('"')) return written;
  try {
    return JSON.parse(written.replace(/[\n\t\r]/g, (char) => JSON.stringify(char).slice(1, -1)));
  } catch {
    throw new RangeError(`${EXAMPLE} with JSON's escapes in quotes`);
  }
}
