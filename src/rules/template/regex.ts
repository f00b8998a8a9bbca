import { RE2JS } from "re2js";
import type { RunContext } from "./run-context.ts";
import { bounded } from "./values.ts";

/** A pattern may come out of a label; longer ones are refused, for compiling costs time and memory. */
const MAX_PATTERN = 1_000;
const NAMED = /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/** Characters times states of the pattern that count as a step. */
const SEARCH_STEP = 500;

/**
 * A pattern about to search a text, which costs as much as the text is long and the pattern has states.
 * @throws RangeError on a pattern RE2 refuses, or where the search would be too much work
 */
function compile(pattern: string, text: string, run: RunContext): RE2JS {
  run.count("step", pattern.length);
  const regex = parse(pattern);
  run.count("step", Math.ceil((regex.programSize() * text.length) / SEARCH_STEP));
  return regex;
}

function parse(pattern: string): RE2JS {
  if (pattern.length > MAX_PATTERN) {
    throw new RangeError(`Cannot compile a regular expression longer than ${MAX_PATTERN} characters`);
  }
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new RangeError(`Cannot compile regular expression ${JSON.stringify(pattern)}: ${(error as Error).message}`);
  }
}

/** Whether the pattern is found anywhere in the text. */
export const matchText = (pattern: string, text: string, run: RunContext): boolean =>
  compile(pattern, text, run).matcher(text).find();

/**
 * Go's Regexp.ReplaceAllString: `$1` and `${name}` in the replacement stand for groups, `$$` for a dollar; a name reaches as
 * far as letters, digits and _ do, and one that no group has stands for nothing.
 * @throws RangeError on a bad pattern, or where the text or the work grows too much
 */
export function replaceAll(pattern: string, replacement: string, text: string, run: RunContext): string {
  const regex = compile(pattern, text, run);
  const matcher = regex.matcher(text);
  const names = new Map(Object.entries(regex.namedGroups()));
  const expand = () =>
    replacement.replace(NAMED, (_all, dollar: string | undefined, braced: string, bare: string) => {
      if (dollar !== undefined) return "$";
      const name = braced ?? bare;
      const group = /^\d+$/.test(name) ? Number(name) : names.get(name);
      return group === undefined || group > matcher.groupCount() ? "" : (matcher.group(group) ?? "");
    });
  let out = "";
  let copied = 0;
  for (let at = 0; at <= text.length && matcher.find(at); ) {
    const start = matcher.start();
    const end = matcher.end();
    out += text.slice(copied, start);
    // An empty match right after a match is none, as in Go.
    if (end > copied || start === 0) out = bounded(out + expand());
    copied = end;
    // The next search may look at all that is left and still match only one character.
    run.count("step", Math.floor((regex.programSize() * (text.length - end)) / SEARCH_STEP));
    const width = (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    at = at + width > end ? at + width : end;
  }
  return bounded(out + text.slice(copied));
}
