import type { Labels } from "../series/labels.ts";
import { formatMatcher, type Matcher } from "../series/matchers.ts";
import { type EpochMs, formatTime } from "../series/time.ts";

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
type Weekday = (typeof WEEKDAYS)[number];

/** When changes are expected. Both ends of a span belong to it. */
export type WindowTimes =
  | { readonly kind: "span"; readonly from: EpochMs; readonly until: EpochMs }
  | {
      readonly kind: "weekly";
      readonly days: readonly Weekday[];
      /** Minutes since local midnight, `to` not included. Where it is not after `from` the window ends the day after. */
      readonly from: number;
      readonly to: number;
      /** An IANA name. */
      readonly timeZone: string;
    };

/** A time at which changes of certain models need no announcement, written in the configuration. */
export interface ChangeWindow {
  readonly name: string;
  readonly reason: string;
  readonly match: readonly Matcher[];
  readonly times: WindowTimes;
}

/** Says why a window does not apply; undefined where it does. */
export type WindowCheck = (labels: Labels, at: EpochMs) => string | undefined;

/**
 * Prepares a window for checking.
 * @throws RangeError on a time zone nobody knows
 */
export function checkOf(window: ChangeWindow): WindowCheck {
  const open = openingOf(window.times);
  return (labels, at) => {
    const failed = window.match.find((m) => !m.matches(labels.get(m.name) ?? ""));
    return failed === undefined ? open(at) : `is for ${formatMatcher(failed)}`;
  };
}

function openingOf(times: WindowTimes): (at: EpochMs) => string | undefined {
  if (times.kind === "span") return (at) => outside(times.from, times.until, at);
  const { days, from, to, timeZone } = times;
  const clock = clockOf(timeZone);
  const hours = `${days.join(" ")} ${hour(from)}–${hour(to)} ${timeZone}`;
  return (at) => {
    const { day, minute } = clock(at);
    const today = days.includes(WEEKDAYS[day]!);
    const yesterday = days.includes(WEEKDAYS[(day + 6) % 7]!);
    const open =
      from < to ? today && minute >= from && minute < to : (today && minute >= from) || (yesterday && minute < to);
    return open ? undefined : `is open ${hours}`;
  };
}

/** Says why an instant is not in [from, until]; undefined where it is. */
export function outside(from: EpochMs, until: EpochMs, at: EpochMs): string | undefined {
  if (at < from) return `begins ${formatTime(from)}`;
  return at > until ? `ended ${formatTime(until)}` : undefined;
}

const hour = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** Reads the local weekday (0 is Sunday) and minute of the day; daylight saving is the zone's business. */
function clockOf(timeZone: string): (at: EpochMs) => { day: number; minute: number } {
  const format = formatOf(timeZone);
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const day = (WEEKDAYS as readonly string[]).indexOf(parts.get("weekday")!.toLowerCase());
    return { day, minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")) };
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  } catch {
    throw new RangeError(
      `Cannot read time zone ${JSON.stringify(timeZone)}: expected an IANA name, for example "Europe/Berlin"`,
    );
  }
}
