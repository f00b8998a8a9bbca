import { type PointwiseFunction, pointwise } from "./function.ts";

/** A day of the proleptic Gregorian calendar, counted from the epoch. */
interface Day {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const SECONDS_A_DAY = 86_400;
const DAYS_OF_400_YEARS = 146_097;

/** The calendar's day: from years that begin on the first of March, whose months repeat every five. */
function dayOf(days: number): Day {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / DAYS_OF_400_YEARS);
  const ofEra = shifted - era * DAYS_OF_400_YEARS;
  const ofEraYear = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * ofEraYear + Math.floor(ofEraYear / 4) - Math.floor(ofEraYear / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return { year: ofEraYear + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const daysIn = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : MONTHS[month - 1]!);

function dayOfYear({ year, month, day }: Day): number {
  let days = day;
  for (let m = 1; m < month; m++) days += daysIn(year, m);
  return days;
}

/** Declares a function of times in seconds, by default the evaluation's; fractions of a second count for nothing. */
function dated(name: string, apply: (days: number, ofDay: number) => number): PointwiseFunction {
  const ofTime = (time: number): number => {
    const seconds = Math.trunc(time);
    if (!Number.isFinite(seconds)) return Number.NaN;
    const days = Math.floor(seconds / SECONDS_A_DAY);
    return apply(days, seconds - days * SECONDS_A_DAY);
  };
  return { ...pointwise(name, ofTime), required: 0 };
}

/** Functions that take a time apart, in UTC. */
export const DATES: readonly PointwiseFunction[] = [
  dated("minute", (_, ofDay) => Math.floor(ofDay / 60) % 60),
  dated("hour", (_, ofDay) => Math.floor(ofDay / 3600)),
  dated("day_of_week", (days) => (((days + 4) % 7) + 7) % 7),
  dated("day_of_month", (days) => dayOf(days).day),
  dated("day_of_year", (days) => dayOfYear(dayOf(days))),
  dated("days_in_month", (days) => daysIn(dayOf(days).year, dayOf(days).month)),
  dated("month", (days) => dayOf(days).month),
  dated("year", (days) => dayOf(days).year),
];
