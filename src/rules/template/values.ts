import { compareUtf8, Labels } from "../../series/labels.ts";

/** No text made on the way, and no template's output, is longer than this many characters. */
const MAX_TEXT = 65_536;

/** Maps within maps go this deep. */
const MAX_DEPTH = 100;

/** A Go struct: the data of a template, or a sample of a query, which templates hold by pointer. */
export class Struct {
  readonly type: string;
  readonly isPointer: boolean;
  readonly fields: readonly (readonly [name: string, value: Value])[];

  constructor(type: string, isPointer: boolean, fields: readonly (readonly [string, Value])[]) {
    this.type = type;
    this.isPointer = isPointer;
    this.fields = fields;
  }

  /** Undefined where there is no such field. */
  get(name: string): Value | undefined {
    return this.fields.find(([field]) => field === name)?.[1];
  }

  /** The struct itself where this is a pointer to it. */
  get target(): Struct {
    return this.isPointer ? new Struct(this.type, false, this.fields) : this;
  }
}

/** What `query` answers. */
export class List {
  readonly items: readonly Struct[];

  constructor(items: readonly Struct[]) {
    this.items = items;
  }
}

/** What `args` makes: texts to values of any kind. */
export class Dict {
  readonly entries: readonly (readonly [name: string, value: Value])[];
  readonly #depth: number;

  /** @throws RangeError where maps stand too deep within maps, for printing them recurses */
  constructor(entries: readonly (readonly [string, Value])[]) {
    this.entries = [...entries].sort(([a], [b]) => compareUtf8(a, b));
    this.#depth = 1 + Math.max(0, ...entries.map(([, value]) => (value instanceof Dict ? value.#depth : 0)));
    if (this.#depth > MAX_DEPTH) throw new RangeError(`Cannot nest maps deeper than ${MAX_DEPTH} levels`);
  }

  get(name: string): Value | undefined {
    return this.entries.find(([key]) => key === name)?.[1];
  }
}

/** An instant in UTC, in the years 1 to 9999. */
export class Time {
  static readonly EARLIEST = -62_135_596_800_000_000_000n;
  static readonly END = 253_402_300_800_000_000_000n;
  /** Nanoseconds since the Unix epoch. */
  readonly nanoseconds: bigint;

  /** @throws RangeError for another year */
  constructor(nanoseconds: bigint) {
    if (nanoseconds < Time.EARLIEST || nanoseconds >= Time.END) {
      throw new RangeError("Cannot tell a time outside the years 1 to 9999");
    }
    this.nanoseconds = nanoseconds;
  }
}

/** An integer that has a way of its own to print: a duration in nanoseconds, a month from 1, a day of the week from 0. */
export class Named {
  readonly type: "time.Duration" | "time.Month" | "time.Weekday";
  readonly value: bigint;

  constructor(type: Named["type"], value: bigint) {
    this.type = type;
    this.value = value;
  }
}

/**
 * What a template computes with. As in Go an integer is not a float: `bigint` stands for `int`, `number` for `float64`, and
 * comparing one with the other is an error. `null` is Go's nil.
 */
export type Value = string | number | bigint | boolean | null | Labels | Struct | List | Dict | Time | Named;

const SIMPLE_TYPES = { string: "string", number: "float64", bigint: "int", boolean: "bool" } as const;

/** Go's name of a value's type, as its error texts show it. */
export function typeName(value: Value): string {
  if (value === null) return "<nil>";
  if (value instanceof Labels) return "map[string]string";
  if (value instanceof Dict) return "map[string]interface {}";
  if (value instanceof List) return "template.queryResult";
  if (value instanceof Struct) return value.isPointer ? `*${value.type}` : value.type;
  if (value instanceof Named) return value.type;
  if (value instanceof Time) return "*time.Time";
  return SIMPLE_TYPES[typeof value as keyof typeof SIMPLE_TYPES];
}

/** Whether `if` takes its first branch: anything but false, nil, zero and the empty. */
export function isTrue(value: Value): boolean {
  if (value instanceof Labels) return value.pairs.length > 0;
  if (value instanceof Dict) return value.entries.length > 0;
  if (value instanceof List) return value.items.length > 0;
  if (value instanceof Named) return value.value !== 0n;
  return typeof value === "number" ? value !== 0 : Boolean(value);
}

/** @throws RangeError where a text grows beyond the bound. */
export function bounded(text: string): string {
  boundLength(text.length);
  return text;
}

/** @throws RangeError where a text of this many characters would pass the bound; asked before it is made. */
export function boundLength(length: number): void {
  if (length > MAX_TEXT) throw new RangeError(`Cannot build a text longer than ${MAX_TEXT} characters`);
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
 * A number, a duration in seconds, or a text that Go's strconv.ParseFloat reads as a number (but no hexadecimal float).
 * @throws RangeError otherwise
 */
export function asFloat(name: string, value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Named && value.type === "time.Duration") return Number(value.value) / 1e9;
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
