/** Control characters, line separators and the marks that reorder text: what could break or disguise a line. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * Makes text from outside fit for one line of a log or a message: what could break, colour or reorder the line is written
 * as `\n` or `\u001b`, and the result is cut to `max` characters.
 */
export function printable(text: string, max = 1_000): string {
  const short = text.length > max ? `${text.slice(0, max)}…` : text;
  return short.replace(UNPRINTABLE, asEscape);
}

function asEscape(char: string): string {
  if (char === "\n") return "\\n";
  if (char === "\r") return "\\r";
  if (char === "\t") return "\\t";
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
