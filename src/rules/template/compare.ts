import { compareUtf8, Labels } from "../../series/labels.ts";
import { Dict, List, Named, Struct, Time, typeName, type Value } from "./values.ts";

type Basic = string | number | bigint | boolean;

/** The basic value Go would compare; undefined for nil, structs, lists, maps and times. */
function basic(value: Value): Basic | undefined {
  if (value instanceof Named) return value.value;
  return value === null || typeof value === "object" ? undefined : value;
}

function incompatible(name: string, a: Value, b: Value): RangeError {
  const numbers = typeof basic(a) === "number" || typeof basic(b) === "number";
  const ints = typeof basic(a) === "bigint" || typeof basic(b) === "bigint";
  const hint = numbers && ints ? "; write 5.0, not 5, to compare with a float" : "";
  return new RangeError(`Cannot call ${name}: incompatible types ${typeName(a)} and ${typeName(b)}${hint}`);
}

/**
 * Orders two values of the same kind as Go's `lt` does: negative, 0 or positive; NaN where a NaN is among them.
 * @throws RangeError for values of different kinds, an int and a float for example, and for what has no order.
 */
export function compareValues(name: string, left: Value, right: Value): number {
  const [a, b] = [basic(left), basic(right)];
  if (typeof a === "number" && typeof b === "number") return a === b ? 0 : a - b;
  if (typeof a === "bigint" && typeof b === "bigint") return a === b ? 0 : a < b ? -1 : 1;
  if (typeof a === "string" && typeof b === "string") return compareUtf8(a, b);
  throw incompatible(name, left, right);
}

/** Maps, lists, and structs that hold a map. */
const isUncomparable = (value: Value): boolean =>
  value instanceof Labels ||
  value instanceof Dict ||
  value instanceof List ||
  (value instanceof Struct && !value.isPointer);

/**
 * Go's `==` of values that can be compared: basic ones of the same kind by what they are, samples by identity, anything
 * with nil.
 * @throws RangeError for values of different kinds, and for maps and lists
 */
export function equalValues(name: string, left: Value, right: Value): boolean {
  if (left === null || right === null) return left === right;
  for (const value of [left, right]) {
    if (isUncomparable(value)) {
      throw new RangeError(`Cannot call ${name}: a ${typeName(value)} cannot be compared`);
    }
  }
  const [a, b] = [basic(left), basic(right)];
  if (typeof a !== typeof b) throw incompatible(name, left, right);
  if (left instanceof Time && right instanceof Time) return left.nanoseconds === right.nanoseconds;
  return a === undefined ? left === right : a === b;
}
