import { type Samples, type Window, type WindowedFunction, windowed } from "./function.ts";

/** What a counter gained between the first and the last sample: a value below the one before it restarted from zero. */
function counterGain({ values, first, end }: Samples): number {
  let previous = values[first]!;
  let gain = values[end - 1]! - previous;
  for (let i = first + 1; i < end; i++) {
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
function stretch({ times, first, end }: Samples, window: Window, zero: number): number {
  const sampled = (times[end - 1]! - times[first]!) / 1000;
  const spacing = sampled / (end - first - 1);
  const near = spacing * 1.1;
  let toStart = (times[first]! - window.from) / 1000;
  let toEnd = (window.to - times[end - 1]!) / 1000;
  if (toStart >= near) toStart = spacing / 2;
  if (zero < toStart) toStart = zero;
  if (toEnd >= near) toEnd = spacing / 2;
  return (sampled + toStart + toEnd) / sampled;
}

function increase(samples: Samples, window: Window): number | undefined {
  const { times, values, first, end } = samples;
  if (end - first < 2) return undefined;
  const gain = counterGain(samples);
  const sampled = (times[end - 1]! - times[first]!) / 1000;
  const zero = gain > 0 && values[first]! >= 0 ? sampled * (values[first]! / gain) : Number.POSITIVE_INFINITY;
  return gain * stretch(samples, window, zero);
}

function rate(samples: Samples, window: Window): number | undefined {
  const gained = increase(samples, window);
  return gained === undefined ? undefined : gained / ((window.to - window.from) / 1000);
}

function delta(samples: Samples, window: Window): number | undefined {
  const { values, first, end } = samples;
  if (end - first < 2) return undefined;
  return (values[end - 1]! - values[first]!) * stretch(samples, window, Number.POSITIVE_INFINITY);
}

/** Per second between the last two samples. */
function irate({ times, values, first, end }: Samples): number | undefined {
  if (end - first < 2) return undefined;
  const last = values[end - 1]!;
  const before = values[end - 2]!;
  const seconds = (times[end - 1]! - times[end - 2]!) / 1000;
  return (last < before ? last : last - before) / seconds;
}

const idelta = ({ values, first, end }: Samples): number | undefined =>
  end - first < 2 ? undefined : values[end - 1]! - values[end - 2]!;

function changes({ values, first, end }: Samples): number {
  let count = 0;
  for (let i = first + 1; i < end; i++) if (!Object.is(values[i]! + 0, values[i - 1]! + 0)) count++;
  return count;
}

function resets({ values, first, end }: Samples): number {
  let count = 0;
  for (let i = first + 1; i < end; i++) if (values[i]! < values[i - 1]!) count++;
  return count;
}

/** Functions of how a series moves within its window. */
export const RATES: readonly WindowedFunction[] = [
  windowed("increase", increase, { counters: true }),
  windowed("rate", rate, { counters: true }),
  windowed("delta", delta),
  windowed("irate", irate),
  windowed("idelta", idelta),
  windowed("changes", changes),
  windowed("resets", resets),
];
