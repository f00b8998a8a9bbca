import { DAY } from "./time.ts";

/** The days of the week, Sunday first. */
export const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
type Day = (typeof DAYS)[number];
/** Two days that follow one another. */
export type Weekend = readonly [Day, Day];

/** Whose hours and days off a daily profile follows. */
export interface Calendar {
  /** Tells calendars apart. */
  readonly name: string;
  /**
   * Milliseconds to add to an instant so that, read as UTC, it shows the hour of the place, and a Saturday or Sunday where the
   * place has a day off.
   */
  readonly offset: (at: number) => number;
}

/** Clocks are changed at full quarters of an hour, whatever the zone. */
const QUARTER = 900_000;
/** Quarters remembered: what detectors ask lies within an hour or two of the present. */
const SLOTS = 16;

/**
 * The calendar of a place.
 * @param zone an IANA name, for example "Europe/Berlin"
 * @throws RangeError when there is no such time zone
 */
export function calendarOf(zone: string, weekend: Weekend = ["sat", "sun"]): Calendar {
  const shift = ((DAYS.indexOf("sat") - DAYS.indexOf(weekend[0]) + DAYS.length) % DAYS.length) * DAY;
  const name = shift === 0 ? zone : `${zone} ${weekend.join(" ")}`;
  if (zone === "UTC") return { name, offset: () => shift };
  const local = localTime(zone);
  const quarters = new Float64Array(SLOTS).fill(Number.NaN);
  const offsets = new Float64Array(SLOTS);
  const offset = (at: number): number => {
    const quarter = Math.floor(at / QUARTER);
    const slot = ((quarter % SLOTS) + SLOTS) % SLOTS;
    if (quarters[slot] !== quarter) {
      quarters[slot] = quarter;
      offsets[slot] = local(quarter * QUARTER) - quarter * QUARTER + shift;
    }
    return offsets[slot]!;
  };
  return { name, offset };
}

/** Whether days can be a weekend: two, of which the second follows the first. */
export function isWeekend(days: readonly Day[]): boolean {
  const [first, second] = days.map((day) => DAYS.indexOf(day));
  return days.length === 2 && first !== undefined && (first + 1) % DAYS.length === second;
}

/** Everybody's calendar who says nothing else. */
export const UTC: Calendar = calendarOf("UTC");

/** What clocks of a zone show at an instant, as if it were UTC. */
function localTime(zone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (at) => {
    const shown = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => shown.get(type) ?? 0;
    return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  };
}
