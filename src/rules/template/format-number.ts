import { formatGo } from "../template-format.ts";
import { formatBinary, formatHex } from "./float-bits.ts";
import { isPrintable } from "./letters.ts";
import { quote } from "./quote.ts";
import { boundLength } from "./values.ts";
import { pad, type Verb } from "./verb.ts";

const BASES = new Map([...Object.entries({ v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 })]);
const PREFIXES = new Map([
  [2, "0b"],
  [16, "0x"],
]);

/** An int under a verb; undefined where the verb is none for ints. */
export function formatInt(value: bigint, verb: Verb): string | undefined {
  if (verb.letter === "c") return pad(character(value), verb);
  if (verb.letter === "q") return pad(quote(character(value), "'", verb.plus), verb);
  if (verb.letter === "U") return codePoint(value, verb);
  const base = BASES.get(verb.letter);
  if (base === undefined) return undefined;
  const { plus, space, zero, width, precision, sharp, letter } = verb;
  if (precision === 0 && value === 0n) return pad("", { ...verb, zero: false });
  const sign = value < 0n ? "-" : plus ? "+" : space ? " " : "";
  const least = precision ?? (zero ? width - sign.length : 0);
  boundLength(least);
  let digits = (value < 0n ? -value : value).toString(base).padStart(least, "0");
  if (letter === "O") digits = `0o${sharp && !digits.startsWith("0") ? "0" : ""}${digits}`;
  else if (sharp && base === 8 && !digits.startsWith("0")) digits = `0${digits}`;
  else if (sharp) digits = (PREFIXES.get(base) ?? "") + digits;
  return pad(sign + (letter === "X" ? digits.toUpperCase() : digits), { ...verb, zero: false });
}

/** The character with this code, U+FFFD where there is none. */
function character(value: bigint): string {
  const valid = value >= 0n && value <= 0x10ffffn && (value < 0xd800n || value > 0xdfffn);
  return valid ? String.fromCodePoint(Number(value)) : "\ufffd";
}

/** "U+0041", with # followed by the character. */
function codePoint(value: bigint, verb: Verb): string {
  const least = Math.max(verb.precision ?? 4, 4);
  boundLength(least);
  const digits = BigInt.asUintN(64, value).toString(16).toUpperCase().padStart(least, "0");
  const shown = character(value);
  const after = verb.sharp && value >= 0n && value <= 0x10ffffn && isPrintable(shown) ? ` '${shown}'` : "";
  return pad(`U+${digits}${after}`, { ...verb, zero: false });
}

/** A float under a verb; undefined where the verb is none for floats. */
export function formatFloatVerb(value: number, verb: Verb): string | undefined {
  const { letter, plus, space, zero } = verb;
  const text = digitsOf(value, verb);
  if (text === undefined) return undefined;
  const signed = /^[+-]/.test(text) ? text : `+${text}`;
  const sign = signed[0] === "+" && space && !plus ? " " : signed[0]!;
  if (!Number.isFinite(value)) {
    const shown = Number.isNaN(value) && !plus && !space ? "NaN" : sign + signed.slice(1);
    return pad(shown, { ...verb, zero: false });
  }
  const upper = letter === "E" || letter === "G" || letter === "X";
  let digits = upper ? signed.slice(1).toUpperCase() : signed.slice(1);
  if (verb.sharp && letter !== "b") digits = withZeros(digits, verb);
  const shownSign = sign === "+" && !plus ? "" : sign;
  return zero && shownSign !== ""
    ? shownSign + pad(digits, { ...verb, width: verb.width - 1 })
    : pad(shownSign + digits, verb);
}

function digitsOf(value: number, { letter, precision }: Verb): string | undefined {
  boundLength(precision ?? 0);
  switch (letter) {
    case "v":
    case "g":
    case "G":
      return formatGo(value, "g", precision);
    case "e":
    case "E":
      return formatGo(value, "e", precision ?? 6);
    case "f":
    case "F":
      return formatGo(value, "f", precision ?? 6);
    case "x":
    case "X":
      return formatHex(value, precision);
    case "b":
      return formatBinary(value);
    default:
      return undefined;
  }
}

/** The flag #: always a point, and under g (and x) the zeros that were dropped. */
function withZeros(text: string, { letter, precision }: Verb): string {
  const isHex = letter === "x" || letter === "X";
  const end = text.search(isHex ? /p/i : /e/i);
  let digits = end < 0 ? text : text.slice(0, end);
  const tail = end < 0 ? "" : text.slice(end);
  const counts = letter === "v" || letter === "g" || letter === "G" || letter === "x";
  let missing = counts ? (precision ?? 6) : 0;
  // Digits count from the first that is not 0; a lone 0 counts once. The x of 0x counts too, which is how Go does it.
  missing -= digits.replace(".", "").replace(/^0+/, "").length;
  if (digits === "0") missing--;
  if (!digits.includes(".")) digits += ".";
  return digits + "0".repeat(Math.max(missing, 0)) + tail;
}
