import type { PointBuffer } from "../../series/source.ts";
import { type Window, type WindowedFunction, windowed } from "./function.ts";

/** What a counter gained between the first and the last sample: a value below the one before it restarted from zero. */
function counterGain(points: PointBuffer): number {
  const { values, length } = points;
  let previous = values[0]!;
  let gain = values[length - 1]! - previous;
  for (let i = 1; i < length; i++) {
    const value = values[i]!;
    if (value < previous) gain += previous;
    previous = value;
  }
  return gain;
}

/**
 * By how much the sampled span is to be stretched towards the edges of the window. A sample within 1.1 mean spacings of
 * an edge speaks for the whole way to it; otherwise the series is taken to begin or end half a spacing beyond its sample.
 * A counter is not stretched to before it was zero (`zero`: seconds from the first sample back to there).
 * Source: extrapolatedRate in prometheus/prometheus, promql/functions.go.
 */
function stretch(points: PointBuffer, window: Window, zero: number): number {
  const first = points.times[0]!;
  const last = points.times[points.length - 1]!;
  const sampled = (last - first) / 1000;
  const spacing = sampled / (points.length - 1);
  const near = spacing * 1.1;
  let toStart = (first - window.from) / 1000;
  let toEnd = (window.to - last) / 1000;
  if (toStart >= near) toStart = spacing / 2;
  if (zero < toStart) toStart = zero;
  if (toEnd >= near) toEnd = spacing / 2;
  return (sampled + toStart + toEnd) / sampled;
}

function increase(points: PointBuffer, window: Window): number | undefined {
  if (points.length < 2) return undefined;
  const gain = counterGain(points);
  const first = points.values[0]!;
  const sampled = (points.times[points.length - 1]! - points.times[0]!) / 1000;
  const zero = gain > 0 && first >= 0 ? sampled * (first / gain) : Number.POSITIVE_INFINITY;
  return gain * stretch(points, window, zero);
}

function rate(points: PointBuffer, window: Window): number | undefined {
  const gained = increase(points, window);
  return gained === undefined ? undefined : gained / ((window.to - window.from) / 1000);
}

function delta(points: PointBuffer, window: Window): number | undefined {
  if (points.length < 2) return undefined;
  return (points.values[points.length - 1]! - points.values[0]!) * stretch(points, window, Number.POSITIVE_INFINITY);
}

/** Per second between the last two samples. */
function irate({ times, values, length }: PointBuffer): number | undefined {
  if (length < 2) return undefined;
  const last = values[length - 1]!;
  const before = values[length - 2]!;
  const seconds = (times[length - 1]! - times[length - 2]!) / 1000;
  return (last < before ? last : last - before) / seconds;
}

const idelta = ({ values, length }: PointBuffer): number | undefined =>
  length < 2 ? undefined : values[length - 1]! - values[length - 2]!;

function changes({ values, length }: PointBuffer): number {
  let count = 0;
  for (let i = 1; i < length; i++) if (!Object.is(values[i]! + 0, values[i - 1]! + 0)) count++;
  return count;
}

function resets({ values, length }: PointBuffer): number {
  let count = 0;
  for (let i = 1; i < length; i++) if (values[i]! < values[i - 1]!) count++;
  return count;
}

/** Functions of how a series moves within its window. */
export const RATES: readonly WindowedFunction[] = [
  windowed("increase", increase),
  windowed("rate", rate),
  windowed("delta", delta),
  windowed("irate", irate),
  windowed("idelta", idelta),
  windowed("changes", changes),
  windowed("resets", resets),
];
