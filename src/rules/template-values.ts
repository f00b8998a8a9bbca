import { compareUtf8, Labels } from "../series/labels.ts";
import type { Value } from "./template-ast.ts";
import { formatFloat } from "./template-format.ts";

/** No text made on the way, and no template's output, is longer than this many characters. */
const MAX_TEXT = 65_536;

/** Go's name of a value's type, as its error texts show it. */
export function typeName(value: Value): string {
  if (value instanceof Labels) return "map[string]string";
  const names = { string: "string", number: "float64", bigint: "int", boolean: "bool" } as const;
  return names[typeof value as keyof typeof names];
}

/** A value as `{{ value }}` prints it. */
export function printValue(value: Value): string {
  if (value instanceof Labels) return `map[${value.pairs.map(([name, text]) => `${name}:${text}`).join(" ")}]`;
  return typeof value === "number" ? formatFloat(value) : String(value);
}

/** Whether `if` takes its first branch: anything but false, zero and the empty. */
export function isTrue(value: Value): boolean {
  if (value instanceof Labels) return value.pairs.length > 0;
  return typeof value === "number" ? value !== 0 : Boolean(value);
}

/**
 * Orders two values of the same kind as Go's `lt` and `eq` do: negative, 0 or positive; NaN where a NaN is among them.
 * @throws RangeError for values of different kinds, an int and a float for example, and for label sets.
 */
export function compareValues(name: string, a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a === b ? 0 : a - b;
  if (typeof a === "bigint" && typeof b === "bigint") return a === b ? 0 : a < b ? -1 : 1;
  if (typeof a === "string" && typeof b === "string") return compareUtf8(a, b);
  if (typeof a === "boolean" && typeof b === "boolean" && (name === "eq" || name === "ne")) return a === b ? 0 : 1;
  const hint = typeof a === typeof b ? "" : `; write 5.0, not 5, to compare with a float`;
  throw new RangeError(`Cannot call ${name}: incompatible types ${typeName(a)} and ${typeName(b)}${hint}`);
}

/** @throws RangeError where a text grows beyond the bound. */
export function bounded(text: string): string {
  if (text.length > MAX_TEXT) throw new RangeError(`Cannot build a text longer than ${MAX_TEXT} characters`);
  return text;
}

/** @throws RangeError unless the argument is a string. */
export function asText(name: string, value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new RangeError(
    `Cannot call ${name}: expected a string, got ${value === undefined ? "nothing" : typeName(value)}`,
  );
}

const FLOAT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i;

/**
 * A number, or a text that Go's strconv.ParseFloat reads as one (but no hexadecimal float).
 * @throws RangeError otherwise
 */
export function asFloat(name: string, value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string") {
    const special = SPECIAL.exec(value);
    if (special?.[2] !== undefined) return special[1] === "-" ? -Infinity : Infinity;
    if (special?.[1] === "") return Number.NaN;
    const plain = value.length <= 1_000 ? value.replaceAll(/(?<=\d)_(?=\d)/g, "") : "";
    const float = FLOAT.test(plain) ? Number(plain) : Number.NaN;
    if (Number.isFinite(float)) return float;
  }
  const found = typeof value === "string" ? JSON.stringify(value.slice(0, 100)) : typeName(value);
  throw new RangeError(`Cannot call ${name}: expected a number, got ${found}`);
}
