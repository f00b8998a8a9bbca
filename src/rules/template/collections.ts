import { Labels } from "../../series/labels.ts";
import { asText, Dict, List, Named, typeName, type Value } from "./values.ts";

const encoder = new TextEncoder();

/** Go's `len`: bytes of a string, entries of anything else that has some. */
export function len(value: Value): bigint {
  if (value instanceof Labels) return BigInt(value.pairs.length);
  if (value instanceof Dict) return BigInt(value.entries.length);
  if (value instanceof List) return BigInt(value.items.length);
  if (typeof value === "string") return BigInt(encoder.encode(value).length);
  throw new RangeError(`Cannot call len: ${typeName(value)} has no length`);
}

/** Go's `index x k₁ k₂ …`: x[k₁][k₂]…; what a map does not hold is the empty value of its kind. */
export function index([of, ...keys]: readonly Value[]): Value {
  if (of === null) throw new RangeError("Cannot call index: nil has no elements");
  let value: Value = of!;
  for (const key of keys) value = element(value, key);
  return value;
}

function element(of: Value, key: Value): Value {
  if (of instanceof Labels) return of.get(asText("index", key)) ?? "";
  if (of instanceof Dict) return of.get(asText("index", key)) ?? null;
  if (of instanceof List) return of.items[position("index", key, of.items.length - 1)]!;
  if (typeof of !== "string") throw new RangeError(`Cannot call index: ${typeName(of)} has no elements`);
  const bytes = encoder.encode(of);
  return BigInt(bytes[position("index", key, bytes.length - 1)]!);
}

/**
 * Go's `slice x i j`: bytes of a string or samples of a list from i up to j. A list takes a third bound, which says how far
 * it could be grown again; nothing grows a list here, so it is only checked.
 */
export function slice([of, ...bounds]: readonly Value[]): Value {
  if (typeof of !== "string" && !(of instanceof List)) {
    throw new RangeError(`Cannot call slice: expected a string or a list, got ${typeName(of!)}`);
  }
  if (bounds.length > (typeof of === "string" ? 2 : 3)) {
    throw new RangeError(`Cannot call slice: too many bounds for ${typeName(of)}`);
  }
  const items = typeof of === "string" ? encoder.encode(of) : of.items;
  const given = bounds.map((bound) => position("slice", bound, items.length));
  const [from, to, most] = [given[0] ?? 0, given[1] ?? items.length, given[2] ?? items.length];
  if (from > to || to > most)
    throw new RangeError(`Cannot call slice: expected bounds in order, got ${given.join(" ")}`);
  // A character cut in two is no text: what is left of it becomes U+FFFD.
  return items instanceof Uint8Array
    ? new TextDecoder().decode(items.subarray(from, to))
    : new List(items.slice(from, to));
}

/** @throws RangeError unless the key is an int from 0 to `last`. */
function position(name: string, key: Value, last: number): number {
  const at = key instanceof Named ? key.value : key;
  if (typeof at !== "bigint") throw new RangeError(`Cannot call ${name}: expected an int, got ${typeName(key)}`);
  if (at < 0n || at > BigInt(last)) throw new RangeError(`Cannot call ${name}: ${at} is out of range`);
  return Number(at);
}
