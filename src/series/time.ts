/** Milliseconds since the Unix epoch. The only representation of an instant in the program. */
export type EpochMs = number & { readonly __brand: "EpochMs" };

/** A length of time in milliseconds. */
export type DurationMs = number & { readonly __brand: "DurationMs" };

export const epochMs = (n: number): EpochMs => n as EpochMs;
export const durationMs = (n: number): DurationMs => n as DurationMs;

export const SECOND = durationMs(1_000);
export const MINUTE = durationMs(60_000);
export const HOUR = durationMs(3_600_000);
export const DAY = durationMs(86_400_000);

const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ["y", 365 * DAY],
  ["w", 7 * DAY],
  ["d", DAY],
  ["h", HOUR],
  ["m", MINUTE],
  ["s", SECOND],
  ["ms", 1],
];

const GRAMMAR = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/**
 * Reads a duration in Prometheus' grammar: units y w d h m s ms, each at most once and in that order, no decimals
 * ("1h30m"); "0" needs no unit. A year is 365 days.
 * @throws RangeError when the text is not such a duration.
 */
export function parseDuration(text: string): DurationMs {
  if (text === "0") return durationMs(0);
  const found = GRAMMAR.exec(text);
  const total = (found?.slice(1) ?? []).reduce((sum, n, i) => sum + (n ? Number(n) * UNITS[i]![1] : 0), 0);
  if (!found || text === "" || !Number.isSafeInteger(total)) {
    throw new RangeError(
      `Cannot parse duration ${JSON.stringify(text)}: expected a number and a unit, for example "30s"`,
    );
  }
  return durationMs(total);
}

/** Writes a duration as Prometheus does ("1h30m", "1w", "0s"); the inverse of `parseDuration` on whole milliseconds. */
export function formatDuration(duration: DurationMs): string {
  let rest = Math.round(duration);
  if (rest === 0) return "0s";
  let text = "";
  for (const [unit, ms] of UNITS) {
    const n = Math.floor(rest / ms);
    // Years and weeks only when they divide what is left: "90d" reads better than "12w6d".
    if (n === 0 || ((unit === "y" || unit === "w") && rest % ms !== 0)) continue;
    text += `${n}${unit}`;
    rest -= n * ms;
  }
  return text;
}

/** RFC 3339 with milliseconds, in UTC. */
export const formatTime = (at: EpochMs): string => new Date(at).toISOString();
