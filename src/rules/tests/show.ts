import { compareUtf8 } from "../../series/labels.ts";

/** Characters shown of a text; a description is seldom longer. */
const MAX_SHOWN = 600;

/** A text as a difference shows it: in quotes, on one line, cut off when very long. */
export const shownText = (text: string): string =>
  JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);

/** Labels as PromQL writes them, by name. */
export function showMap(pairs: Iterable<readonly [name: string, value: string]>): string {
  const sorted = [...pairs].sort(([a], [b]) => compareUtf8(a, b));
  return `{${sorted.map(([name, value]) => `${name}=${shownText(value)}`).join(", ")}}`;
}
