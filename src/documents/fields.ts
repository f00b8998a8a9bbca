import { z } from "zod";
import { type DurationMs, type EpochMs, epochMs, parseDuration } from "../series/time.ts";

/**
 * A text field read by a parser of ours. A RangeError, or an error that carries `from` and `to` (offsets into the text),
 * becomes a mistake at that place, in words that `reword` may change; any other error is our bug and goes on.
 */
export function parsed<T>(parse: (text: string) => T, reword = (message: string): string => message) {
  return z.string().transform((text, ctx): T => {
    try {
      return parse(text);
    } catch (error) {
      const { message, from, to } = mistakeOf(error);
      ctx.addIssue({ code: "custom", message: reword(message), params: { from, to } });
      return z.NEVER;
    }
  });
}

/** What a parser of ours says is wrong with a text; throws on what no parser says. */
export function mistakeOf(error: unknown): { message: string; from?: number | undefined; to?: number | undefined } {
  if (!(error instanceof Error)) throw error;
  const { message } = error;
  if ("from" in error && "to" in error && typeof error.from === "number" && typeof error.to === "number") {
    return { message, from: error.from, to: error.to };
  }
  if (error instanceof RangeError) return { message };
  throw error;
}

/** A duration in Prometheus' grammar, "1h30m". */
export const duration = parsed(parseDuration);

/** A duration longer than nothing. */
export const positiveDuration = parsed((text): DurationMs => {
  const found = parseDuration(text);
  if (found > 0) return found;
  throw new RangeError(`Cannot use duration ${JSON.stringify(text)}: expected more than 0`);
});

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

/**
 * Reads an instant in RFC 3339, "2027-01-31T18:00:00Z".
 * @throws RangeError on anything else, days that do not exist included.
 */
export function parseInstant(text: string): EpochMs {
  const found = RFC3339.exec(text);
  const [, year, month, day, hour, minute, second, fraction, sign, zoneHour, zoneMinute] = found ?? [];
  const midnight = found ? midnightOf(Number(year), Number(month), Number(day)) : undefined;
  const time = [hour, minute, second, zoneHour ?? 0, zoneMinute ?? 0].map(Number);
  const [h, m, s, zh, zm] = time as [number, number, number, number, number];
  if (midnight === undefined || h > 23 || m > 59 || s > 59 || zh > 23 || zm > 59) {
    const wanted = 'expected an RFC 3339 time, for example "2027-01-31T18:00:00Z"';
    throw new RangeError(`Cannot parse time ${JSON.stringify(text)}: ${wanted}`);
  }
  const offset = (sign === "-" ? -1 : 1) * (zh * 60 + zm);
  const milliseconds = Number((fraction ?? "").slice(0, 3).padEnd(3, "0"));
  return epochMs(midnight + ((h * 60 + m - offset) * 60 + s) * 1_000 + milliseconds);
}

/**
 * Reads the instant at which something ends: a time in RFC 3339, or a date, which is meant to its end in UTC.
 * @throws RangeError on anything else.
 */
export function parseEnd(text: string): EpochMs {
  const found = DATE.exec(text);
  if (!found) return parseInstant(text);
  const midnight = midnightOf(Number(found[1]), Number(found[2]), Number(found[3]));
  if (midnight !== undefined) return epochMs(midnight + 86_400_000);
  throw new RangeError(
    `Cannot parse date ${JSON.stringify(text)}: expected a day that exists, for example "2027-01-31"`,
  );
}

/** The start of a day in UTC; undefined where there is no such day. */
function midnightOf(year: number, month: number, day: number): number | undefined {
  const at = Date.UTC(year, month - 1, day);
  const text = new Date(at).toISOString().slice(0, 10);
  const wanted = [year, month, day].map((n, i) => String(n).padStart(i === 0 ? 4 : 2, "0")).join("-");
  return text === wanted ? at : undefined;
}

/**
 * For a refinement that looks only at which fields are there: it runs on every map, also one whose fields are wrong, so
 * that its mistakes come with all others. Values may then be of any kind.
 */
export const onEveryMap = {
  when: ({ value }: { readonly value: unknown }): boolean =>
    typeof value === "object" && value !== null && !Array.isArray(value),
};
