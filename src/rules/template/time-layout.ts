import { DAYS, MONTHS } from "./time-names.ts";
import { bounded, type Time } from "./values.ts";

/** What an instant shows of itself; months count from 1, days of the week from 0, which is Sunday. */
export interface Clock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly yearDay: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
}

/** The pieces of a layout that stand for something; the longer first where one begins another. */
const PIECE =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|__2|_2(?!006)|002|0[1-6]|15|[12345]|PM|pm|Z07(?:0000|:00:00|00|:00)?|-07(?:0000|:00:00|00|:00)?|[.,](?:0+|9+)(?!\d)/g;

const two = (value: number): string => String(value).padStart(2, "0");
const twelve = (hour: number): number => hour % 12 || 12;

const SHOWN = new Map<string, (clock: Clock) => string>([
  ["January", ({ month }) => MONTHS[month - 1]!],
  ["Jan", ({ month }) => MONTHS[month - 1]!.slice(0, 3)],
  ["1", ({ month }) => String(month)],
  ["01", ({ month }) => two(month)],
  ["Monday", ({ weekday }) => DAYS[weekday]!],
  ["Mon", ({ weekday }) => DAYS[weekday]!.slice(0, 3)],
  ["2", ({ day }) => String(day)],
  ["_2", ({ day }) => String(day).padStart(2)],
  ["02", ({ day }) => two(day)],
  ["__2", ({ yearDay }) => String(yearDay).padStart(3)],
  ["002", ({ yearDay }) => String(yearDay).padStart(3, "0")],
  ["15", ({ hour }) => two(hour)],
  ["3", ({ hour }) => String(twelve(hour))],
  ["03", ({ hour }) => two(twelve(hour))],
  ["4", ({ minute }) => String(minute)],
  ["04", ({ minute }) => two(minute)],
  ["5", ({ second }) => String(second)],
  ["05", ({ second }) => two(second)],
  ["2006", ({ year }) => String(year).padStart(4, "0")],
  ["06", ({ year }) => two(year % 100)],
  ["PM", ({ hour }) => (hour >= 12 ? "PM" : "AM")],
  ["pm", ({ hour }) => (hour >= 12 ? "pm" : "am")],
  ["MST", () => "UTC"],
]);

/** An instant in UTC in a layout of Go: the layout shows how 15:04:05 on Monday, January 2, 2006 would be written. */
export function formatLayout(time: Time, layout: string): string {
  const clock = clockOf(time);
  return bounded(layout.replace(PIECE, (piece) => SHOWN.get(piece)?.(clock) ?? zoneOrFraction(piece, clock)));
}

function zoneOrFraction(piece: string, { nanosecond }: Clock): string {
  if (piece.startsWith("Z")) return "Z";
  if (piece.startsWith("-")) return piece.replace("-", "+").replace("7", "0");
  const digits = String(nanosecond)
    .padStart(9, "0")
    .slice(0, piece.length - 1)
    .padEnd(piece.length - 1, "0");
  if (piece[1] === "0") return piece[0] + digits;
  const kept = digits.replace(/0+$/, "");
  return kept === "" ? "" : piece[0] + kept;
}

/** The calendar and the clock at an instant. */
export function clockOf({ nanoseconds }: Time): Clock {
  const nanosecond = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const date = new Date(Number((nanoseconds - nanosecond) / 1_000_000n));
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    yearDay: Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1,
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    nanosecond: Number(nanosecond),
  };
}
