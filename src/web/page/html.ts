import { printable } from "../../telemetry/printable.ts";

/** Characters of one text on a page. */
const LONGEST = 4_000;

/** Text that is HTML already; made by `html` alone, or of our own constants. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: HTML as it is, a text or number escaped, nothing, or several of these. */
export type Part = Html | string | number | undefined | false | readonly Part[];

/**
 * Writes HTML. Whatever is put in that is not `Html` is escaped, so that it may stand between tags and in quoted attributes;
 * control characters and marks that reorder text are shown as escapes.
 */
export function html(fixed: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = fixed[0]!;
  for (const [i, part] of parts.entries()) text += write(part) + fixed[i + 1]!;
  return new Html(text);
}

function write(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(write).join("");
  return escaped(printable(String(part), LONGEST));
}

/** A text of several lines: they stay lines where the style says so. */
export const lines = (text: string): readonly Part[] =>
  text
    .trim()
    .split("\n", 100)
    .map((line, i) => (i === 0 ? line : html`${new Html("\n")}${line}`));

const ENTITIES = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES.get(char) ?? char);
