import { METRIC_NAME } from "../series/labels.ts";
import {
  BACKSLASH,
  CLOSE_BRACE,
  COMMA,
  EQUALS,
  endOfLabelName,
  endOfMetricName,
  HASH,
  isBlank,
  isDigit,
  MINUS,
  OPEN_BRACE,
  QUOTE,
  skipBlanks,
} from "./ascii.ts";
import { NumberReader } from "./number.ts";
import type { PageLimits } from "./page.ts";
import type { SpelledSeries } from "./series-decoder.ts";

/** Why a line cannot be used. */
interface Flaw {
  readonly kind: "malformed" | "over-limit";
  readonly why: string;
}

const malformed = (why: string): Flaw => ({ kind: "malformed", why });
const NO_NAME = malformed("expected a metric name");
const NO_BLANK = malformed("expected a blank or { after the metric name");
const NO_LABEL = malformed("expected a label name or }");
const NO_EQUALS = malformed("expected = after the label name");
const NO_QUOTE = malformed("expected a label value in double quotes");
const OPEN_QUOTE = malformed("expected a closing quote");
const NO_COMMA = malformed("expected a comma or } after the label value");
const NO_VALUE = malformed("expected a value");
const NO_NUMBER = malformed("expected a decimal number, NaN, +Inf or -Inf as value");
const NO_TIMESTAMP = malformed("expected a timestamp in whole milliseconds or the end of the line after the value");
const NO_END = malformed("expected the end of the line after the timestamp");
const NO_EXEMPLAR = malformed('expected an exemplar, for example # {trace_id="a"} 1');
const NOT_UTF8 = malformed("expected UTF-8 in label values");
const REPEATED_LABEL = malformed("expected each label name once");
const RESERVED_LABEL = malformed("expected no label called __name__");
const TOO_MANY_LABELS: Flaw = { kind: "over-limit", why: "the sample has too many labels" };
const LONG_LABEL_VALUE: Flaw = { kind: "over-limit", why: "a label value is too long" };

/**
 * Reads one sample line, `name{label="value",…} value`, by the grammar of text format 0.0.4. The fields say where the parts
 * of the line last read are; reading allocates nothing.
 *
 * More lenient than Prometheus 2.42: negative timestamps and OpenMetrics exemplars (`# {…} value`) are accepted, and both
 * are ignored. Stricter: a line feed inside a label value must be escaped, a number needs a blank or } before it, a label
 * name may stand only once (Prometheus fails the whole page for it later), and digits may not overflow.
 */
export class SampleLine {
  nameEnd = 0;
  /** The end of the series' text: behind the name, or behind the closing brace. */
  seriesEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  value = 0;
  #start = 0;
  #labels = 0;
  readonly #limits: PageLimits;
  readonly #numbers = new NumberReader();
  /** Four offsets a label: where its name and its value start and end. */
  readonly #offsets: Int32Array;
  #flaw: Flaw | undefined;

  constructor(limits: PageLimits) {
    this.#limits = limits;
    this.#offsets = new Int32Array(4 * limits.labels);
  }

  /** Reads the line from its first byte that is no blank to `end`, where a line feed or carriage return stands. */
  read(bytes: Uint8Array, start: number, end: number): Flaw | undefined {
    this.#start = start;
    this.#labels = 0;
    this.#flaw = undefined;
    this.nameEnd = endOfMetricName(bytes, start);
    if (this.nameEnd === start) return NO_NAME;
    let p = skipBlanks(bytes, this.nameEnd);
    this.seriesEnd = this.nameEnd;
    if (bytes[p] === OPEN_BRACE) {
      p = this.#readLabels(bytes, p + 1, end, true);
      if (this.#flaw) return this.#flaw;
      this.seriesEnd = p;
      p = skipBlanks(bytes, p);
    } else if (p === this.nameEnd && p < end) {
      return NO_BLANK;
    }
    if (p >= end) return NO_VALUE;
    this.valueStart = p;
    this.value = this.#numbers.read(bytes, p);
    this.valueEnd = this.#numbers.end;
    if (!endsWord(bytes, this.valueEnd, end)) return NO_NUMBER;
    p = skipBlanks(bytes, this.valueEnd);
    return p === end ? undefined : this.#readRest(bytes, p, end);
  }

  /**
   * Takes the series of the line last read apart, for decoding; a flaw where no series can be spelled so. `key` is the
   * series' text, one to one.
   */
  spell(bytes: Uint8Array, key: string): SpelledSeries | Flaw {
    const start = this.#start;
    const names: string[] = [];
    const escaped: string[] = [];
    for (let at = 0; at < 4 * this.#labels; at += 4) {
      const name = key.slice(this.#offsets[at]! - start, this.#offsets[at + 1]! - start);
      if (name === METRIC_NAME) return RESERVED_LABEL;
      if (names.includes(name)) return REPEATED_LABEL;
      const [from, to] = [this.#offsets[at + 2]!, this.#offsets[at + 3]!];
      const value = isAscii(bytes, from, to) ? key.slice(from - start, to - start) : decodeUtf8(bytes, from, to);
      if (value === undefined) return NOT_UTF8;
      names.push(name);
      escaped.push(value);
    }
    return { metric: key.slice(0, this.nameEnd - start), names, escaped };
  }

  /** Reads labels up to and with the closing brace; answers where it ends. */
  #readLabels(bytes: Uint8Array, at: number, end: number, own: boolean): number {
    let p = skipBlanks(bytes, at);
    for (let label = 0; bytes[p] !== CLOSE_BRACE; label++) {
      const nameStart = p;
      p = endOfLabelName(bytes, p);
      const nameEnd = p;
      if (p === nameStart) return this.#fail(NO_LABEL);
      p = skipBlanks(bytes, p);
      if (bytes[p] !== EQUALS) return this.#fail(NO_EQUALS);
      p = skipBlanks(bytes, p + 1);
      if (bytes[p] !== QUOTE) return this.#fail(NO_QUOTE);
      const valueStart = ++p;
      while (p < end && bytes[p] !== QUOTE) p += bytes[p] === BACKSLASH ? 2 : 1;
      if (p >= end) return this.#fail(OPEN_QUOTE);
      if (p - valueStart > this.#limits.labelValueLength) return this.#fail(LONG_LABEL_VALUE);
      if (label === this.#limits.labels) return this.#fail(TOO_MANY_LABELS);
      if (own) this.#note(nameStart, nameEnd, valueStart, p);
      p = skipBlanks(bytes, p + 1);
      if (bytes[p] === COMMA) p = skipBlanks(bytes, p + 1);
      else if (bytes[p] !== CLOSE_BRACE) return this.#fail(NO_COMMA);
    }
    return p + 1;
  }

  #note(nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void {
    const at = 4 * this.#labels++;
    this.#offsets[at] = nameStart;
    this.#offsets[at + 1] = nameEnd;
    this.#offsets[at + 2] = valueStart;
    this.#offsets[at + 3] = valueEnd;
  }

  /** Timestamp and exemplar, each optional. */
  #readRest(bytes: Uint8Array, at: number, end: number): Flaw | undefined {
    let p = at;
    if (bytes[p] !== HASH) {
      if (bytes[p] === MINUS) p++;
      const digits = p;
      while (isDigit(bytes[p]!)) p++;
      if (p === digits || !endsWord(bytes, p, end)) return NO_TIMESTAMP;
      p = skipBlanks(bytes, p);
      if (p === end) return undefined;
      if (bytes[p] !== HASH) return NO_END;
    }
    p = skipBlanks(bytes, p + 1);
    if (bytes[p] !== OPEN_BRACE) return NO_EXEMPLAR;
    p = this.#readLabels(bytes, p + 1, end, false);
    if (this.#flaw) return this.#flaw;
    for (let numbers = 0; numbers < 2; numbers++) {
      p = skipBlanks(bytes, p);
      if (p === end && numbers === 1) return undefined;
      this.#numbers.read(bytes, p);
      p = this.#numbers.end;
      if (!endsWord(bytes, p, end)) return NO_EXEMPLAR;
    }
    return skipBlanks(bytes, p) === end ? undefined : NO_EXEMPLAR;
  }

  #fail(flaw: Flaw): number {
    this.#flaw = flaw;
    return -1;
  }
}

/** Whether a word that ends at `at` (-1 = there was none) is followed by a blank or the end of the line. */
const endsWord = (bytes: Uint8Array, at: number, end: number): boolean =>
  at === end || (at >= 0 && isBlank(bytes[at]!));

function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  for (let p = from; p < to; p++) if (bytes[p]! >= 0x80) return false;
  return true;
}

function decodeUtf8(bytes: Uint8Array, from: number, to: number): string | undefined {
  try {
    return utf8.decode(bytes.subarray(from, to));
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
