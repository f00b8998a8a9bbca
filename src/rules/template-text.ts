import type { Value } from "./template-ast.ts";
import { bounded, printValue } from "./template-values.ts";

/** Go's fmt.Sprint: values side by side, with a space between two of which neither is a string. */
export function print(args: readonly Value[]): string {
  let out = "";
  for (const [i, arg] of args.entries()) {
    if (i > 0 && typeof arg !== "string" && typeof args[i - 1] !== "string") out += " ";
    out = bounded(out + printValue(arg));
  }
  return out;
}

/** Go's fmt.Sprintln: a space between any two and a line feed at the end. */
export function println(args: readonly Value[]): string {
  let out = "";
  for (const [i, arg] of args.entries()) out = bounded(out + (i > 0 ? " " : "") + printValue(arg));
  return `${out}\n`;
}

/** What html, js and urlquery escape: one string as it is, anything else as print would write it. */
const subject = (args: readonly Value[]): string => (args.length === 1 ? printValue(args[0]!) : print(args));

const HTML = new Map([
  ['"', "&#34;"],
  ["'", "&#39;"],
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ["\0", "\ufffd"],
]);

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

/** Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export const isPrintable = (character: string): boolean => /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character);

/** Go's url.QueryEscape. */
export function urlquery(args: readonly Value[]): string {
  let out = "";
  for (const byte of new TextEncoder().encode(subject(args))) {
    const character = String.fromCharCode(byte);
    if (/[\w.~-]/.test(character)) out += character;
    else out += character === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

/** Upper case letter by letter, as Go maps them: one letter never becomes two, so ß stays ß. */
export const toUpper = (text: string): string => Array.from(text, upper).join("");

/** Lower case letter by letter. */
export const toLower = (text: string): string =>
  Array.from(text, (letter) => (letter === "\u0130" ? "i" : (only(letter.toLowerCase()) ?? letter))).join("");

function upper(letter: string): string {
  const mapped = only(letter.toUpperCase());
  if (mapped !== undefined) return mapped;
  // Greek letters with iota below become two in JavaScript; the single capitals stand 8 or 9 places on.
  const code = letter.codePointAt(0)!;
  const capitals = [String.fromCodePoint(code + 8), String.fromCodePoint(code + 9)];
  return capitals.find((capital) => capital.toLowerCase() === letter) ?? letter;
}

/** The text where it is one letter. */
const only = (text: string): string | undefined =>
  text.length === 1 || (text.length === 2 && text.codePointAt(0)! > 0xffff) ? text : undefined;

/** Letters that are two in one: Unicode gives each three a form with only the first half capital. */
const DIGRAPHS = "ǄǅǆǇǈǉǊǋǌǱǲǳ";

/** Go's strings.Title: the first letter of each word in title case. */
export function title(text: string): string {
  let out = "";
  let before = " ";
  for (const letter of text) {
    out += isSeparator(before) ? titleCase(letter) : letter;
    before = letter;
  }
  return out;
}

function titleCase(letter: string): string {
  const digraph = DIGRAPHS.indexOf(letter);
  if (digraph >= 0) return DIGRAPHS[digraph - (digraph % 3) + 1]!;
  // Georgian writes titles in its lower case.
  return letter >= "\u10d0" && letter <= "\u10ff" ? letter : upper(letter);
}

const isSeparator = (letter: string): boolean =>
  letter < "\x80" ? !/\w/.test(letter) : /\p{White_Space}/u.test(letter);
