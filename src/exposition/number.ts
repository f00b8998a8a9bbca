import { bytesAsText, DOT, digitOf, isDigit, MINUS, PLUS } from "./ascii.ts";

/** Up to 10^22 powers of ten are doubles exactly. */
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const GREATEST_EXACT = 2 ** 53;
/** More than any page has digits, so that no run of zeros makes up for it. */
const LARGEST_EXPONENT = 2 ** 40;
const LOWER_CASE = 0x20;
const LETTER_E = 0x65;

/**
 * Reads a sample's value in place. The grammar is Go's ParseFloat as far as Prometheus lets it: an optional sign, decimal
 * digits with at most one point and at least one digit, an optional exponent; Inf and Infinity with an optional sign, NaN
 * without, in any case. Digits that overflow to infinity are no number, digits that vanish are 0; both as in Go.
 */
export class NumberReader {
  /** The first byte after the number last read; -1 where there was none. */
  end = 0;

  /**
   * The number that starts at `at`, correctly rounded; the caller looks at what follows it. The scan ends at a line feed,
   * which must be there. Where digits and power of ten are both exact one operation rounds once (Clinger, "How to read
   * floating point numbers accurately", 1990); for the rest the language's own conversion does the same at more expense.
   */
  read(bytes: Uint8Array, at: number): number {
    let p = at;
    const sign = bytes[p]!;
    if (sign === MINUS || sign === PLUS) p++;

    let mantissa = 0;
    const whole = p;
    let digit = digitOf(bytes[p]!);
    while (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digit = digitOf(bytes[++p]!);
    }
    let digits = p - whole;
    let exponent = 0;
    if (bytes[p] === DOT) {
      const fraction = ++p;
      digit = digitOf(bytes[p]!);
      while (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digit = digitOf(bytes[++p]!);
      }
      exponent = fraction - p;
      digits += p - fraction;
    }
    if (digits === 0) return this.#readWord(bytes, at);

    if ((bytes[p]! | LOWER_CASE) === LETTER_E) {
      exponent += this.#readExponent(bytes, p + 1);
      if (this.end < 0) return Number.NaN;
      p = this.end;
    }
    this.end = p;
    if (mantissa <= GREATEST_EXACT && exponent >= -22 && exponent <= 22) {
      const exact = exponent < 0 ? mantissa / POWERS_OF_TEN[-exponent]! : mantissa * POWERS_OF_TEN[exponent]!;
      return sign === MINUS ? -exact : exact;
    }
    return this.#convert(bytes, at, p);
  }

  #convert(bytes: Uint8Array, from: number, to: number): number {
    const value = Number(bytesAsText(bytes.subarray(from, to)));
    if (!Number.isFinite(value)) this.end = -1;
    return value;
  }

  #readExponent(bytes: Uint8Array, at: number): number {
    let p = at;
    const negative = bytes[p] === MINUS;
    if (negative || bytes[p] === PLUS) p++;
    const from = p;
    let exponent = 0;
    for (; isDigit(bytes[p]!); p++) exponent = Math.min(exponent * 10 + digitOf(bytes[p]!), LARGEST_EXPONENT);
    this.end = p === from ? -1 : p;
    return negative ? -exponent : exponent;
  }

  #readWord(bytes: Uint8Array, at: number): number {
    const signed = bytes[at] === MINUS || bytes[at] === PLUS;
    const from = signed ? at + 1 : at;
    if (!signed && spells(bytes, from, "nan")) {
      this.end = from + 3;
      return Number.NaN;
    }
    if (!spells(bytes, from, "inf")) {
      this.end = -1;
      return Number.NaN;
    }
    this.end = from + (spells(bytes, from + 3, "inity") ? 8 : 3);
    return bytes[at] === MINUS ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
}

/** Whether the lower-case word stands at `at`, in any case. */
function spells(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) {
    if ((bytes[at + i]! | LOWER_CASE) !== word.charCodeAt(i)) return false;
  }
  return true;
}
