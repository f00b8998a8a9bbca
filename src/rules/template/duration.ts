import { Named, type Time, typeName, type Value } from "./values.ts";

const SECOND = 1_000_000_000n;

/** Nanoseconds as Go prints a duration: "1h2m3.5s", "1.5ms", "0s". */
export function durationText(duration: bigint): string {
  if (duration === 0n) return "0s";
  const sign = duration < 0n ? "-" : "";
  const all = duration < 0n ? -duration : duration;
  if (all < 1_000n) return `${sign}${all}ns`;
  if (all < 1_000_000n) return `${sign}${decimal(all, 3)}µs`;
  if (all < SECOND) return `${sign}${decimal(all, 6)}ms`;
  const minutes = all / (60n * SECOND);
  const hours = minutes / 60n;
  const head = hours > 0n ? `${hours}h${minutes % 60n}m` : minutes > 0n ? `${minutes}m` : "";
  return `${sign}${head}${decimal(all % (60n * SECOND), 9)}s`;
}

/** An integer with its point moved left, without zeros at the end. */
function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return digits.slice(0, -places) + (fraction === "" ? "" : `.${fraction}`);
}

/** The whole and the rest apart, as Go does it, so that the float is the same. */
const inUnits = (duration: bigint, unit: bigint): number =>
  Number(duration / unit) + Number(duration % unit) / Number(unit);

const abs = (value: bigint): bigint => (value < 0n ? -value : value);

/** To the nearest multiple, half away from zero; toward zero where `half` is false. */
function toMultiple(value: bigint, of: bigint, half: boolean): bigint {
  if (of <= 0n) return value;
  const whole = abs(value) / of;
  const magnitude = (half && (abs(value) % of) * 2n >= of ? whole + 1n : whole) * of;
  return value < 0n ? -magnitude : magnitude;
}

/** The argument of a method as a duration in nanoseconds; a plain int is one too. */
export function asDuration(name: string, value: Value | undefined): bigint {
  if (value instanceof Named && value.type === "time.Duration") return value.value;
  if (typeof value === "bigint") return value;
  throw new RangeError(`Cannot call ${name}: expected a duration, got ${typeName(value ?? null)}`);
}

const lasting = (nanoseconds: bigint): Named => new Named("time.Duration", BigInt.asIntN(64, nanoseconds));

type Method = { readonly args: number; readonly call: (duration: bigint, args: readonly Value[]) => Value };

const read = (call: (duration: bigint) => Value): Method => ({ args: 0, call });

/** What a duration can be asked. */
export const DURATION_METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["String", read(durationText)],
  ["Nanoseconds", read((duration) => duration)],
  ["Microseconds", read((duration) => duration / 1_000n)],
  ["Milliseconds", read((duration) => duration / 1_000_000n)],
  ["Seconds", read((duration) => inUnits(duration, SECOND))],
  ["Minutes", read((duration) => inUnits(duration, 60n * SECOND))],
  ["Hours", read((duration) => inUnits(duration, 3600n * SECOND))],
  ["Abs", read((duration) => lasting(abs(duration)))],
  ["Round", { args: 1, call: (duration, [of]) => lasting(toMultiple(duration, asDuration("Round", of), true)) }],
  ["Truncate", { args: 1, call: (duration, [of]) => lasting(toMultiple(duration, asDuration("Truncate", of), false)) }],
]);

/** The time between two instants. */
export const between = (a: Time, b: Time): Named => lasting(a.nanoseconds - b.nanoseconds);
