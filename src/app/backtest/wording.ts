import { quantity } from "../../rules/evidence.ts";
import type { Labels } from "../../series/labels.ts";
import { type DurationMs, durationMs, type EpochMs, formatDuration, formatTime, SECOND } from "../../series/time.ts";
import { printable } from "../../telemetry/printable.ts";
import type { Episode } from "./episodes.ts";

/** Characters of one label. */
const LONGEST = 200;

/** What an alert is about, as people read labels: `model=m version=1`. */
export const subjectText = (labels: Labels): string =>
  labels.pairs.map(([name, value]) => `${name}=${printable(plain(value), LONGEST)}`).join(" ");

/** A value as it is where it is a word, else in quotes, so that none can look like two. */
const plain = (value: string): string => (/^[^\s"=]+$/.test(value) ? value : JSON.stringify(value));

/** An instant to the second. */
export const timeText = (at: EpochMs): string => formatTime(at).replace(/\.\d{3}Z$/, "Z");

/** A length of time as far as a person wants it: in whole seconds, from an hour on in minutes, from two days on in hours. */
export function lengthText(length: DurationMs): string {
  if (length < SECOND) return length === 0 ? "0s" : formatDuration(length);
  const unit = length < 3_600_000 ? SECOND : length < 2 * 86_400_000 ? 60_000 : 3_600_000;
  return formatDuration(durationMs(Math.round(length / unit) * unit));
}

/** How long an episode was; with a plus where it went on beyond the end. */
export function spanText({ firedAt, endedAt }: Episode, end: EpochMs): string {
  return endedAt === undefined
    ? `${lengthText(durationMs(end - firedAt))}+`
    : lengthText(durationMs(endedAt - firedAt));
}

/** By how much something is earlier or later. */
export function shiftText(later: DurationMs): string {
  if (later === 0) return "at the same time";
  return `${lengthText(durationMs(Math.abs(later)))} ${later > 0 ? "later" : "earlier"}`;
}

/** Three significant digits, in full where that is short. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const short = Number(value.toPrecision(4));
  return Math.abs(short) >= 1e6 || (short !== 0 && Math.abs(short) < 1e-4) ? short.toExponential() : String(short);
}

/** A value of an episode in what it is counted in: per cent, milliseconds, a number a second. */
export const valueText = ({ unit }: Pick<Episode, "unit">, value: number): string =>
  unit === undefined || !Number.isFinite(value) ? numberText(value) : quantity(unit, value);
