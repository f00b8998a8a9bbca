import { formatGo } from "../template-format.ts";
import type { Value } from "./values.ts";
import { asFloat } from "./values.ts";

const LARGE = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
const BINARY = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
const SMALL = ["m", "u", "n", "p", "f", "a", "z", "y"];

/** `%.4g`, as all of Prometheus' humanize functions print numbers. */
const brief = (value: number): string => formatGo(value, "g", 4);

/** Divides by `step` until less than it is left, or no prefix. */
function shrink(value: number, step: number, prefixes: readonly string[]): string {
  let prefix = "";
  for (const next of prefixes) {
    if (Math.abs(value) < step) break;
    prefix = next;
    value /= step;
  }
  return brief(value) + prefix;
}

function grow(value: number): string {
  let prefix = "";
  for (const next of SMALL) {
    if (Math.abs(value) >= 1) break;
    prefix = next;
    value *= 1000;
  }
  return brief(value) + prefix;
}

/** 12345.678 → "12.35k", 0.001 → "1m" (prometheus/prometheus, template/template.go, as are the other four). */
export function humanize(of: Value): string {
  const value = asFloat("humanize", of);
  if (value === 0 || !Number.isFinite(value)) return brief(value);
  return Math.abs(value) >= 1 ? shrink(value, 1000, LARGE) : grow(value);
}

/** 12345.678 → "12.06ki". */
export function humanize1024(of: Value): string {
  const value = asFloat("humanize1024", of);
  return Math.abs(value) <= 1 || !Number.isFinite(value) ? brief(value) : shrink(value, 1024, BINARY);
}

/** 0.1234 → "12.34%". */
export function humanizePercentage(of: Value): string {
  return `${brief(asFloat("humanizePercentage", of) * 100)}%`;
}

/** Seconds as a duration: 12345.678 → "3h 25m 45s", 0.001 → "1ms". */
export function humanizeDuration(of: Value): string {
  const value = asFloat("humanizeDuration", of);
  if (!Number.isFinite(value)) return brief(value);
  if (value === 0) return `${brief(value)}s`;
  if (Math.abs(value) < 1) return `${grow(value)}s`;
  const sign = value < 0 ? "-" : "";
  // Go's int64(float) beyond its range is the lowest int64 on the processors Prometheus runs on.
  const seconds = Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(Math.abs(value))) : -(2n ** 63n);
  const days = seconds / 86_400n;
  const hours = (seconds / 3_600n) % 24n;
  const minutes = (seconds / 60n) % 60n;
  const rest = `${seconds % 60n}s`;
  if (days !== 0n) return `${sign}${days}d ${hours}h ${minutes}m ${rest}`;
  if (hours !== 0n) return `${sign}${hours}h ${minutes}m ${rest}`;
  if (minutes !== 0n) return `${sign}${minutes}m ${rest}`;
  return `${sign}${brief(Math.abs(value))}s`;
}

/**
 * Seconds since the epoch as a time: 1435065584.128 → "2015-06-23 13:19:44.128 +0000 UTC".
 * @throws RangeError outside the years an int64 of nanoseconds can tell (1677 to 2262)
 */
export function humanizeTimestamp(of: Value): string {
  const value = asFloat("humanizeTimestamp", of);
  if (!Number.isFinite(value)) return brief(value);
  const nanoseconds = value * 1e9;
  if (Math.abs(nanoseconds) > 2 ** 63) {
    throw new RangeError(`Cannot call humanizeTimestamp: ${formatGo(value, "g")} seconds do not fit a timestamp`);
  }
  const text = new Date(Number(BigInt(Math.trunc(nanoseconds)) / 1_000_000n)).toISOString();
  const fraction = text.slice(20, 23).replace(/0+$/, "");
  return `${text.slice(0, 10)} ${text.slice(11, 19)}${fraction === "" ? "" : `.${fraction}`} +0000 UTC`;
}
