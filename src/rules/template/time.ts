import { asDuration, between } from "./duration.ts";
import { type Clock, clockOf, formatLayout } from "./time-layout.ts";
import { asFloat, asText, Named, Time, typeName, type Value } from "./values.ts";

const LIMIT = 2 ** 63;

/** Seconds since the epoch as a number of nanoseconds that Go could hold. */
function asNanoseconds(name: string, value: Value): number {
  const seconds = asFloat(name, value);
  const nanoseconds = seconds * 1e9;
  if (Math.abs(nanoseconds) < LIMIT) return nanoseconds;
  throw new RangeError(`Cannot call ${name}: ${seconds} seconds do not fit 64 bits of nanoseconds`);
}

/** The `toTime` of Prometheus: seconds since the epoch as an instant, to the millisecond. */
export const toTime = (value: Value): Time =>
  new Time((BigInt(Math.trunc(asNanoseconds("toTime", value))) / 1_000_000n) * 1_000_000n);

/** The `toDuration` of Prometheus: seconds as a duration. */
export const toDuration = (value: Value): Named =>
  new Named("time.Duration", BigInt(Math.trunc(asNanoseconds("toDuration", value))));

/** As Go prints an instant: "2015-06-23 13:19:44.128 +0000 UTC". */
export const timeText = (time: Time): string => formatLayout(time, "2006-01-02 15:04:05.999999999 -0700 MST");

const MILLISECOND = 1_000_000n;

/** Division that rounds down, so that instants before 1970 have their fraction of a second counted from below. */
const floorDiv = (a: bigint, b: bigint): bigint => (a % b < 0n ? a / b - 1n : a / b);

function asTime(name: string, value: Value | undefined): Time {
  if (value instanceof Time) return value;
  throw new RangeError(`Cannot call ${name}: expected a time, got ${typeName(value ?? null)}`);
}

type Method = { readonly args: number; readonly call: (time: Time, args: readonly Value[]) => Value };

const read = (call: (time: Time) => Value): Method => ({ args: 0, call });
const part = (name: Exclude<keyof Clock, "month" | "weekday">): Method => read((time) => BigInt(clockOf(time)[name]));
const unix = (unit: bigint): Method => read((time) => floorDiv(time.nanoseconds, unit));
const order = (name: string, holds: (a: bigint, b: bigint) => boolean): Method => ({
  args: 1,
  call: (time, [other]) => holds(time.nanoseconds, asTime(name, other).nanoseconds),
});

/** Nanoseconds since the year 1 cut to a multiple, as Go counts them. */
function toMultiple(time: Time, of: bigint, half: boolean): Time {
  if (of <= 0n) return time;
  const rest = (time.nanoseconds - Time.EARLIEST) % of;
  return new Time(time.nanoseconds - rest + (half && rest * 2n >= of ? of : 0n));
}

function addDate(time: Time, numbers: readonly Value[]): Time {
  const [years, months, days] = numbers.map((number) => {
    if (typeof number === "bigint" && number > -100_000n && number < 100_000n) return Number(number);
    throw new RangeError(`Cannot call AddDate: expected small ints, got ${typeName(number)}`);
  });
  const date = new Date(Number(floorDiv(time.nanoseconds, MILLISECOND)));
  const moved = new Date(date.getTime());
  moved.setUTCFullYear(date.getUTCFullYear() + years!, date.getUTCMonth() + months!, date.getUTCDate() + days!);
  if (Number.isNaN(moved.getTime())) throw new RangeError("Cannot tell a time outside the years 1 to 9999");
  return new Time(time.nanoseconds + BigInt(moved.getTime() - date.getTime()) * MILLISECOND);
}

/** What an instant can be asked; time zones other than UTC are unknown here. */
export const TIME_METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["String", read(timeText)],
  ["UTC", read((time) => time)],
  ["Year", part("year")],
  ["Month", read((time) => new Named("time.Month", BigInt(clockOf(time).month)))],
  ["Weekday", read((time) => new Named("time.Weekday", BigInt(clockOf(time).weekday)))],
  ["Day", part("day")],
  ["YearDay", part("yearDay")],
  ["Hour", part("hour")],
  ["Minute", part("minute")],
  ["Second", part("second")],
  ["Nanosecond", part("nanosecond")],
  ["Unix", unix(1_000_000_000n)],
  ["UnixMilli", unix(MILLISECOND)],
  ["UnixMicro", unix(1_000n)],
  ["UnixNano", unix(1n)],
  ["IsZero", read((time) => time.nanoseconds === Time.EARLIEST)],
  ["Format", { args: 1, call: (time, [layout]) => formatLayout(time, asText("Format", layout)) }],
  ["Add", { args: 1, call: (time, [by]) => new Time(time.nanoseconds + asDuration("Add", by)) }],
  ["AddDate", { args: 3, call: addDate }],
  ["Sub", { args: 1, call: (time, [other]) => between(time, asTime("Sub", other)) }],
  ["Before", order("Before", (a, b) => a < b)],
  ["After", order("After", (a, b) => a > b)],
  ["Equal", order("Equal", (a, b) => a === b)],
  ["Truncate", { args: 1, call: (time, [of]) => toMultiple(time, asDuration("Truncate", of), false) }],
  ["Round", { args: 1, call: (time, [of]) => toMultiple(time, asDuration("Round", of), true) }],
]);
