import { Labels } from "../../series/labels.ts";
import { durationText } from "./duration.ts";
import { formatFloatVerb, formatInt } from "./format-number.ts";
import { canBackquote, quote } from "./quote.ts";
import { timeText } from "./time.ts";
import { nameOf } from "./time-names.ts";
import { bounded, Dict, List, Named, Struct, Time, typeName, type Value } from "./values.ts";
import { pad, unsupported, type Verb } from "./verb.ts";

/** `%v` without flags: how print prints. */
export const PLAIN: Verb = {
  letter: "v",
  plus: false,
  minus: false,
  sharp: false,
  space: false,
  zero: false,
  width: 0,
  precision: undefined,
  withNames: false,
  inGo: false,
  complains: false,
};

/** Under these Go prints where in memory the samples of a list are; here they are printed themselves. */
const ADDRESS_VERBS = "vpbodxX";

/**
 * A value as Go's fmt prints it under a verb; one that does not fit the value prints what Go prints, `%!d(string=hi)`.
 * @throws RangeError for what would print an address in memory, and where the text grows too long
 */
export function formatValue(value: Value, verb: Verb): string {
  const { letter } = verb;
  if (letter === "T") return formatText(typeName(value), { ...verb, letter: "s" })!;
  if (letter === "p") throw unsupported("%p");
  if (value === null) return letter === "v" ? pad("<nil>", verb) : `%!${letter}(<nil>)`;
  if (typeof value === "object") return formatObject(value, verb);
  return formatBasic(value, verb) ?? badVerb(value, verb);
}

function formatBasic(value: string | number | bigint | boolean, verb: Verb): string | undefined {
  if (typeof value === "string") return formatText(value, verb.inGo ? { ...verb, letter: "q" } : verb);
  if (typeof value === "number") return formatFloatVerb(value, verb);
  if (typeof value === "bigint") return formatInt(value, verb);
  return verb.letter === "v" || verb.letter === "t" ? pad(String(value), verb) : undefined;
}

const badVerb = (value: Value, verb: Verb): string =>
  `%!${verb.letter}(${typeName(value)}=${formatValue(value, { ...verb, letter: "v", complains: true })})`;

function formatObject(value: NonNullable<Extract<Value, object>>, verb: Verb): string {
  if (value instanceof Time || value instanceof Named) return formatOwnWay(value, verb);
  const { inGo } = verb;
  if (value instanceof Struct) {
    const fields = value.fields.map(([name, field]) => {
      return (inGo || verb.withNames ? `${name}:` : "") + formatValue(field, verb);
    });
    const text = inGo ? `${value.type}{${fields.join(", ")}}` : `{${fields.join(" ")}}`;
    return bounded((value.isPointer ? "&" : "") + text);
  }
  if (value instanceof List) {
    const items = value.items.map((item) =>
      ADDRESS_VERBS.includes(verb.letter) ? formatValue(item, verb) : badVerb(item, verb),
    );
    return bounded(inGo ? `${typeName(value)}{${items.join(", ")}}` : `[${items.join(" ")}]`);
  }
  const entries = value instanceof Labels ? value.pairs : value instanceof Dict ? value.entries : [];
  const pairs = entries.map(([name, of]) => `${formatValue(name, verb)}:${formatElement(of, verb, inGo)}`);
  return bounded(inGo ? `${typeName(value)}{${pairs.join(", ")}}` : `map[${pairs.join(" ")}]`);
}

/** A nil within a map of any values says its type in Go's syntax, and otherwise fits every verb. */
function formatElement(value: Value, verb: Verb, inGo: boolean): string {
  if (value === null) return inGo ? "interface {}(nil)" : "<nil>";
  return formatValue(value, verb);
}

/** Times, durations, months and days print as texts under the verbs of texts. */
function formatOwnWay(value: Time | Named, verb: Verb): string {
  if ("vsqxX".includes(verb.letter) && !verb.inGo && !verb.complains) return formatText(ownText(value), verb)!;
  if (value instanceof Time) throw unsupported(`%${verb.inGo ? "#" : ""}${verb.letter} of a time`);
  return formatInt(value.value, verb) ?? badVerb(value, verb);
}

function ownText(value: Time | Named): string {
  if (value instanceof Time) return timeText(value);
  return value.type === "time.Duration" ? durationText(value.value) : nameOf(value);
}

function formatText(text: string, verb: Verb): string | undefined {
  const { letter, precision, sharp } = verb;
  if (letter === "x" || letter === "X") {
    const hex = hexOf(text, verb);
    return pad(letter === "x" ? hex : hex.toUpperCase(), verb);
  }
  const cut = precision === undefined ? text : [...text].slice(0, precision).join("");
  if (letter === "s" || letter === "v") return pad(cut, verb);
  if (letter !== "q") return undefined;
  return pad(sharp && canBackquote(cut) ? `\`${cut}\`` : quote(cut, '"', verb.plus), verb);
}

function hexOf(text: string, { space, sharp, precision }: Verb): string {
  const bytes = new TextEncoder().encode(text).slice(0, precision);
  const prefix = sharp && bytes.length > 0 ? "0x" : "";
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return bounded(prefix + digits.join(space ? ` ${prefix}` : ""));
}
