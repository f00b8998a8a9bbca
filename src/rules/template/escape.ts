import { isPrintable } from "./letters.ts";
import { print } from "./print.ts";
import { Struct, type Value } from "./values.ts";

/** What html, js and urlquery escape: what print would write, but a sample as its fields and nil as "<no value>". */
const subject = (args: readonly Value[]): string =>
  print(args.map((arg) => (arg === null ? "<no value>" : arg instanceof Struct ? arg.target : arg)));

const HTML = new Map([
  ['"', "&#34;"],
  ["'", "&#39;"],
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ["\0", "\ufffd"],
]);

/** Escapes for HTML. */
export const html = (args: readonly Value[]): string =>
  Array.from(subject(args), (character) => HTML.get(character) ?? character).join("");

/** Escapes for a JavaScript string, as text/template's js does. */
export function js(args: readonly Value[]): string {
  let out = "";
  for (const character of subject(args)) {
    const code = character.codePointAt(0)!;
    if (character === "\\" || character === "'" || character === '"') out += `\\${character}`;
    else if (code < 0x20 || "<>&=".includes(character) || (code >= 0x80 && !isPrintable(character))) {
      out += `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
    } else out += character;
  }
  return out;
}

/** Escapes for the query part of a URL. */
export const urlquery = (args: readonly Value[]): string => queryEscape(subject(args));

/** Go's url.QueryEscape. */
export function queryEscape(text: string): string {
  let out = "";
  for (const byte of new TextEncoder().encode(text)) {
    const character = String.fromCharCode(byte);
    if (/[\w.~-]/.test(character)) out += character;
    else out += character === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}
