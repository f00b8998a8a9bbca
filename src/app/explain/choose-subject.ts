import { PromqlError } from "../../promql/error.ts";
import { parseSelector } from "../../promql/parse.ts";
import type { Labels } from "../../series/labels.ts";
import { type Matcher, matchesAll } from "../../series/matchers.ts";
import { printable } from "../../telemetry/printable.ts";
import { UserMistake } from "../user-mistake.ts";

/** Subjects named in a message. */
const MOST_NAMED = 8;
/** Characters of one of them. */
const LONGEST = 200;

/**
 * Reads which subject is meant: `model=bert,version=1`, or a selector in braces where a value has commas or only a pattern is
 * known: `{model=~"bert.*"}`.
 * @throws UserMistake where it is neither
 */
export function parseSubject(text: string): readonly Matcher[] {
  const written = text.trim();
  const braced = written.startsWith("{") ? written : `{${pairsOf(written).join(",")}}`;
  try {
    return parseSelector(braced);
  } catch (error) {
    if (error instanceof PromqlError) throw new UserMistake(mistake(text));
    throw error;
  }
}

function pairsOf(text: string): readonly string[] {
  return text.split(",").map((pair) => {
    const [, name, value] = /^\s*([A-Za-z_]\w*)\s*=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) throw new UserMistake(mistake(text));
    return `${name}=${JSON.stringify(value.trim())}`;
  });
}

const mistake = (text: string): string =>
  `Cannot read subject ${JSON.stringify(printable(text, LONGEST))}: expected labels, for example "model=bert,version=1"`;

/**
 * The one subject that was meant.
 * @param subjects all of the rule's, by their labels
 * @throws UserMistake where none or several match; it names some
 */
export function chooseSubject<T extends { readonly labels: Labels }>(subjects: readonly T[], asked: Wanted): T {
  const found = subjects.filter(({ labels }) => matchesAll(asked.matchers, labels));
  if (found.length === 1) return found[0]!;
  const which = `Cannot explain subject ${JSON.stringify(printable(asked.subject, LONGEST))} of ${printable(asked.rule)}`;
  if (found.length > 1) throw new UserMistake(`${which}: expected one subject, it matches ${listOf(found)}`);
  if (subjects.length === 0) throw new UserMistake(`${which}: the rule has watched nothing`);
  throw new UserMistake(`${which}: nothing matches; the rule watches ${listOf(subjects)}`);
}

interface Wanted {
  readonly rule: string;
  readonly subject: string;
  readonly matchers: readonly Matcher[];
}

function listOf(subjects: readonly { readonly labels: Labels }[]): string {
  const names = subjects.map(({ labels }) => printable(String(labels), LONGEST)).sort();
  const more = names.length - MOST_NAMED;
  return `${names.length}:\n${[...names.slice(0, MOST_NAMED), ...(more > 0 ? [`… ${more} more`] : [])].map((name) => `  ${name}`).join("\n")}`;
}
