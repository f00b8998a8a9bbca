import { Labels } from "../series/labels.ts";
import type { Value } from "./template-ast.ts";
import { formatGo } from "./template-format.ts";
import { isPrintable } from "./template-text.ts";
import { asText, bounded, printValue, typeName } from "./template-values.ts";

/** Go's flags of one verb. */
interface Verb {
  readonly letter: string;
  readonly plus: boolean;
  readonly minus: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly precision: number | undefined;
}

const DIRECTIVE = /%([-+0 ]*)(\d{0,4})(?:(\.)(\d{0,3}))?(.)?/suy;
const UNSUPPORTED = "#*[pwU.0123456789";

/**
 * Go's fmt.Sprintf for strings, floats, ints, bools and label sets: verbs v s q d f F e E g G x X t o b c T with width,
 * precision and the flags - + 0 and space; a verb that does not fit prints what Go prints, `%!d(string=hi)`.
 * @throws RangeError for other verbs and flags, or where the text grows too long.
 */
export function printf(args: readonly Value[]): string {
  const format = asText("printf", args[0]);
  let out = "";
  let next = 1;
  for (let at = 0; at < format.length; ) {
    const percent = format.indexOf("%", at);
    if (percent !== at) {
      out = bounded(out + format.slice(at, percent < 0 ? format.length : percent));
      if (percent < 0) break;
    }
    DIRECTIVE.lastIndex = percent;
    const found = DIRECTIVE.exec(format)!;
    at = percent + found[0].length;
    const letter = found[5];
    if (letter === undefined) out += "%!(NOVERB)";
    else if (letter === "%") out += "%";
    else if (UNSUPPORTED.includes(letter)) throw unsupported(found[0]);
    else if (next >= args.length) out += `%!${letter}(MISSING)`;
    else out = bounded(out + formatValue(args[next++]!, verb(found, letter)));
  }
  if (next >= args.length) return out;
  const extra = args.slice(next).map((arg) => `${typeName(arg)}=${printValue(arg)}`);
  return bounded(`${out}%!(EXTRA ${extra.join(", ")})`);
}

function verb(found: RegExpExecArray, letter: string): Verb {
  const flags = found[1]!;
  const minus = flags.includes("-");
  // For %v Go reads + as "with field names", which changes nothing here.
  const plus = flags.includes("+") && letter !== "v";
  return {
    letter,
    plus,
    minus,
    space: flags.includes(" "),
    zero: flags.includes("0") && !minus,
    width: found[2] === "" ? 0 : Number(found[2]),
    precision: found[3] === undefined ? undefined : Number(found[4]),
  };
}

const unsupported = (directive: string): RangeError =>
  new RangeError(`Cannot call printf: ${JSON.stringify(directive)} is not supported here`);

function formatValue(value: Value, verb: Verb): string {
  if (verb.letter === "T") return pad(typeName(value), verb);
  if (value instanceof Labels) {
    const pairs = value.pairs.map(([name, text]) => `${formatValue(name, verb)}:${formatValue(text, verb)}`);
    return bounded(`map[${pairs.join(" ")}]`);
  }
  if (typeof value === "string") return formatText(value, verb);
  if (typeof value === "number") return formatNumber(value, verb);
  if (typeof value === "bigint") return formatInt(value, verb);
  return verb.letter === "v" || verb.letter === "t" ? pad(String(value), verb) : badVerb(value, verb);
}

const badVerb = (value: Value, verb: Verb): string =>
  `%!${verb.letter}(${typeName(value)}=${formatValue(value, { ...verb, letter: "v" })})`;

function pad(text: string, { width, minus, zero }: Verb): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  return minus ? text + " ".repeat(missing) : (zero ? "0" : " ").repeat(missing) + text;
}

function formatText(text: string, verb: Verb): string {
  const { letter, precision } = verb;
  if (letter === "x" || letter === "X") {
    if (verb.space || verb.plus) throw unsupported(`% ${letter}`);
    const bytes = new TextEncoder().encode(text).slice(0, precision);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return pad(letter === "x" ? hex : hex.toUpperCase(), verb);
  }
  const cut = precision === undefined ? text : [...text].slice(0, precision).join("");
  if (letter === "s" || letter === "v") return pad(cut, verb);
  if (letter !== "q") return badVerb(text, verb);
  if (verb.plus) throw unsupported("%+q");
  return pad(quote(cut), verb);
}

const ESCAPES = new Map(
  Object.entries({ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\", '"': '"' }).map(
    ([letter, character]) => [character, `\\${letter}`],
  ),
);

/** A string as Go's strconv.Quote writes it. */
function quote(text: string): string {
  let out = "";
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (ESCAPES.has(character)) out += ESCAPES.get(character);
    else if (isPrintable(character)) out += character;
    else if (code < 0x80) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 0x10000) out += `\\u${code.toString(16).padStart(4, "0")}`;
    else out += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return `"${out}"`;
}

function formatNumber(value: number, verb: Verb): string {
  const { letter, plus, space, zero, width } = verb;
  const form = letter === "v" ? "g" : letter.toLowerCase();
  if (form === "x" || form === "b") throw unsupported(`%${letter} of a float`);
  if ((form !== "e" && form !== "f" && form !== "g") || letter === "V") return badVerb(value, verb);
  const text = formatGo(value, form, verb.precision ?? (form === "g" ? undefined : 6));
  const signed = /^[+-]/.test(text) ? text : `+${text}`;
  const sign = signed[0] === "+" && space && !plus ? " " : signed[0]!;
  const digits = letter === "E" || letter === "G" ? signed.slice(1).toUpperCase() : signed.slice(1);
  if (!Number.isFinite(value)) {
    const shown = Number.isNaN(value) && !plus && !space ? "NaN" : sign + text.replace(/^[+-]/, "");
    return pad(shown, { ...verb, zero: false });
  }
  const shownSign = sign === "+" && !plus ? "" : sign;
  return zero && shownSign !== ""
    ? shownSign + pad(digits, { ...verb, width: width - 1 })
    : pad(shownSign + digits, verb);
}

function formatInt(value: bigint, verb: Verb): string {
  const { letter, plus, space, zero, width, precision } = verb;
  if (letter === "c") {
    const valid = value >= 0n && value <= 0x10ffffn && (value < 0xd800n || value > 0xdfffn);
    return pad(valid ? String.fromCodePoint(Number(value)) : "\ufffd", verb);
  }
  if (letter === "q") throw unsupported("%q of an int");
  const base = letter === "d" || letter === "v" ? 10 : letter === "o" ? 8 : letter === "b" ? 2 : 16;
  if (base === 16 && letter !== "x" && letter !== "X") return badVerb(value, verb);
  const sign = value < 0n ? "-" : plus ? "+" : space ? " " : "";
  const least = precision ?? (zero ? width - sign.length : 0);
  const magnitude = (value < 0n ? -value : value).toString(base).padStart(least, "0");
  const shown = precision === 0 && value === 0n ? "" : sign + (letter === "X" ? magnitude.toUpperCase() : magnitude);
  return pad(shown, { ...verb, zero: false });
}
