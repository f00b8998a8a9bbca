import { isPrintable } from "./letters.ts";

const NAMED = new Map(
  Object.entries({ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\" }).map(
    ([letter, character]) => [character, `\\${letter}`],
  ),
);

/** A text or, between single quotes, a character as Go's strconv quotes it; `ascii` escapes all that is not ASCII. */
export function quote(text: string, mark: '"' | "'", ascii: boolean): string {
  let out = "";
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (character === mark) out += `\\${mark}`;
    else if (NAMED.has(character)) out += NAMED.get(character);
    else if (isPrintable(character) && (code < 0x80 || !ascii)) out += character;
    else if (code < 0x80) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 0x10000) out += `\\u${code.toString(16).padStart(4, "0")}`;
    else out += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return mark + out + mark;
}

/** Whether a text can stand between back quotes as it is. */
export function canBackquote(text: string): boolean {
  for (const character of text) {
    if ((character < " " && character !== "\t") || "`\x7f\ufeff".includes(character)) return false;
  }
  return true;
}
