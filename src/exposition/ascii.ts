/** The bytes the format gives a meaning to. */
const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const DOT = 0x2e;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

const ZERO = 0x30;
/** What a byte may be in a name. */
const LABEL_START = 1;
const LABEL_REST = 2;
const METRIC_START = 4;
const METRIC_REST = 8;
const CLASSES = new Uint8Array(256);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_") CLASSES[char.charCodeAt(0)] = 15;
for (const char of "0123456789") CLASSES[char.charCodeAt(0)] = LABEL_REST | METRIC_REST;
CLASSES[":".charCodeAt(0)] = METRIC_START | METRIC_REST;

export const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB;

/** The digit a byte stands for; outside 0–9 where it is none. */
export const digitOf = (byte: number): number => byte - ZERO;

export const isDigit = (byte: number): boolean => byte >= ZERO && byte <= ZERO + 9;

/**
 * The end of the metric name (letters, digits, `_`, `:`; no digit first) that starts at `at`; `at` itself where there is
 * none. The scan ends at a line feed, which must be there.
 */
export const endOfMetricName = (bytes: Uint8Array, at: number): number => endOf(bytes, at, METRIC_START, METRIC_REST);

/** As `endOfMetricName`, for a label name: no colon. */
export const endOfLabelName = (bytes: Uint8Array, at: number): number => endOf(bytes, at, LABEL_START, LABEL_REST);

function endOf(bytes: Uint8Array, at: number, start: number, rest: number): number {
  let p = at;
  if ((CLASSES[bytes[p]!]! & start) === 0) return at;
  do p++;
  while ((CLASSES[bytes[p]!]! & rest) !== 0);
  return p;
}

/** The first byte from `at` on that is neither a space nor a tab; a line feed must follow somewhere. */
export function skipBlanks(bytes: Uint8Array, at: number): number {
  let p = at;
  while (isBlank(bytes[p]!)) p++;
  return p;
}

/**
 * Bytes to text one to one: equal bytes give equal text and no others do, and offsets stay what they were. Not meant for
 * reading: bytes above 0x7f become arbitrary letters.
 */
export const bytesAsText = (bytes: Uint8Array): string => oneToOne.decode(bytes);

const oneToOne = new TextDecoder("latin1");
