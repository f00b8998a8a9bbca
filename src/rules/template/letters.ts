/** Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export const isPrintable = (character: string): boolean => /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character);

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
