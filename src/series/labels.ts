/** The label that carries a series' metric name. */
export const METRIC_NAME = "__name__";

/**
 * Compares two strings by their UTF-8 bytes, as Go and so Prometheus and Alertmanager do. JavaScript's own order goes by
 * UTF-16 units and differs where surrogates meet U+E000–U+FFFF.
 */
export function compareUtf8(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Lifts surrogates (code points above U+FFFF) over the rest of the basic plane. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/**
 * An immutable label set: names unique, sorted by UTF-8 bytes. A label with an empty value is the same as no label, as in
 * Prometheus, so none is kept. Names and values are any text: never use them as keys of a plain object.
 */
export class Labels {
  static readonly EMPTY = new Labels([]);
  readonly pairs: readonly (readonly [name: string, value: string])[];
  #key: string | undefined;

  private constructor(pairs: readonly (readonly [string, string])[]) {
    this.pairs = pairs;
  }

  /** From pairs in any order; a name given twice keeps the last value. */
  static from(pairs: Iterable<readonly [name: string, value: string]>): Labels {
    const byName = new Map(pairs);
    for (const [name, value] of byName) if (value === "") byName.delete(name);
    return byName.size === 0 ? Labels.EMPTY : new Labels([...byName].sort((a, b) => compareUtf8(a[0], b[0])));
  }

  static of(record: Readonly<Record<string, string>>): Labels {
    return Labels.from(Object.entries(record));
  }

  /** The value of a label; undefined where there is none. */
  get(name: string): string | undefined {
    for (const pair of this.pairs) if (pair[0] === name) return pair[1];
    return undefined;
  }

  /** The metric name, or "". */
  get metric(): string {
    return this.get(METRIC_NAME) ?? "";
  }

  /** These labels with others laid over them; an empty value takes a label away. */
  with(others: Readonly<Record<string, string>> | Labels): Labels {
    return Labels.from([...this.pairs, ...(others instanceof Labels ? others.pairs : Object.entries(others))]);
  }

  without(...names: readonly string[]): Labels {
    return this.filtered((name) => !names.includes(name));
  }

  only(...names: readonly string[]): Labels {
    return this.filtered((name) => names.includes(name));
  }

  /** A text that is equal for equal label sets and for no others; fit as a Map key. */
  get key(): string {
    if (this.#key === undefined) {
      // Lengths before texts: no text can pass for another's end.
      let key = "";
      for (const [name, value] of this.pairs) key += `${name.length}:${name}${value.length}:${value}`;
      this.#key = key;
    }
    return this.#key;
  }

  equals(other: Labels): boolean {
    return this === other || this.key === other.key;
  }

  /** What is left of sorted, unique pairs is sorted and unique. */
  private filtered(keep: (name: string) => boolean): Labels {
    const pairs = this.pairs.filter(([name]) => keep(name));
    return pairs.length === this.pairs.length ? this : pairs.length === 0 ? Labels.EMPTY : new Labels(pairs);
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries(this.pairs);
  }

  /** As PromQL writes it: name{label="value", …}. */
  toString(): string {
    const inner = this.pairs
      .filter(([name]) => name !== METRIC_NAME)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(", ");
    return inner === "" && this.metric !== "" ? this.metric : `${this.metric}{${inner}}`;
  }
}

/** FNV-1a's 64 bits in halves: its prime is 2^40 + 435, and integers of the language's own size are slower by far. */
const FNV_OFFSET = { high: 0xcbf29ce4, low: 0x84222325 };
const FNV_PRIME_LOW = 435;
const HALF = 2 ** 32;
const utf8 = new TextEncoder();
const ASCII = /^[ -~]*$/;
const known = new WeakMap<Labels, string>();

/**
 * Alertmanager's fingerprint of a label set: FNV-1a 64 over `name \xff value \xff …` in sorted order, 16 hex digits
 * (prometheus/common, model/signature.go). Worked out once: whoever looks for an alert by it asks every alert there is.
 */
export function fingerprint(labels: Labels): string {
  const before = known.get(labels);
  if (before !== undefined) return before;
  const worked = hash(labels);
  known.set(labels, worked);
  return worked;
}

/** Whether a text could be a fingerprint at all. */
export const isFingerprint = (text: string): boolean => /^[0-9a-f]{16}$/.test(text);

function hash(labels: Labels): string {
  let { high, low } = FNV_OFFSET;
  const feed = (byte: number) => {
    const mixed = (low ^ byte) >>> 0;
    const product = mixed * FNV_PRIME_LOW;
    low = product >>> 0;
    high = (high * FNV_PRIME_LOW + Math.floor(product / HALF) + ((mixed << 8) >>> 0)) >>> 0;
  };
  for (const pair of labels.pairs) {
    for (const text of pair) {
      if (ASCII.test(text)) for (let i = 0; i < text.length; i++) feed(text.charCodeAt(i));
      else for (const byte of utf8.encode(text)) feed(byte);
      feed(0xff);
    }
  }
  return [high, low].map((half) => half.toString(16).padStart(8, "0")).join("");
}
