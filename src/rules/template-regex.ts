import { RE2JS } from "re2js";
import { bounded } from "./template-values.ts";

/** A pattern may come out of a label; longer ones are refused, for compiling costs time and memory. */
const MAX_PATTERN = 1_000;
const NAMED = /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/** @throws RangeError on a pattern RE2 refuses */
function compile(pattern: string): RE2JS {
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
export const matchText = (pattern: string, text: string): boolean => compile(pattern).matcher(text).find();

/**
 * Go's Regexp.ReplaceAllString: `$1` and `${name}` in the replacement stand for groups, `$$` for a dollar; a name reaches as
 * far as letters, digits and _ do, and one that no group has stands for nothing.
 * @throws RangeError on a bad pattern, or where the text grows too long
 */
export function replaceAll(pattern: string, replacement: string, text: string): string {
  const regex = compile(pattern);
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
    const width = (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    at = at + width > end ? at + width : end;
  }
  return bounded(out + text.slice(copied));
}
