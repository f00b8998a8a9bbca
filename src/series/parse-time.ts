import { type DurationMs, durationMs, type EpochMs, epochMs, parseDuration } from "./time.ts";

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const RFC3339 = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
/** What a Date can stand for. */
const LATEST = 8.64e15;

/**
 * Reads an instant as Prometheus' API takes it: seconds since 1970, with decimals, or an RFC 3339 time. Milliseconds are kept.
 * @throws RangeError saying what is expected
 */
export function parseTime(text: string): EpochMs {
  const at = NUMBER.test(text) ? Math.round(Number(text) * 1000) : parseRfc3339(text);
  if (at !== undefined && Math.abs(at) <= LATEST) return epochMs(at);
  throw new RangeError('expected Unix seconds or an RFC 3339 time, for example "2027-01-31T18:00:00Z"');
}

function parseRfc3339(text: string): number | undefined {
  const day = RFC3339.exec(text)?.[1];
  if (day === undefined) return undefined;
  // A day that does not exist would become one of the next month.
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const exists = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
  return exists ? Date.parse(text.toUpperCase()) : undefined;
}

/**
 * Reads a length of time as Prometheus' API takes it: seconds, with decimals, or a duration. At least a millisecond.
 * @throws RangeError saying what is expected
 */
export function parseLength(text: string): DurationMs {
  const length = NUMBER.test(text) ? Math.round(Number(text) * 1000) : durationOf(text);
  if (length !== undefined && length >= 1 && length <= LATEST) return durationMs(length);
  throw new RangeError('expected a duration above 0, in seconds or for example "1m"');
}

function durationOf(text: string): DurationMs | undefined {
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}
