import { compareUtf8, type Labels } from "../../series/labels.ts";
import type { Matcher } from "../../series/matchers.ts";
import { PointBuffer, type SeriesSource, type SeriesView } from "../../series/source.ts";
import { durationMs, type EpochMs, epochMs } from "../../series/time.ts";
import type { Pace } from "./pace.ts";
import { PacedSource } from "./paced-source.ts";

/** Which series are meant: any that a selector chooses, with a sample in a span of time. No selector means all of them. */
export interface SeriesAsked {
  readonly selectors: readonly (readonly Matcher[])[];
  readonly from?: EpochMs;
  readonly to?: EpochMs;
}

/** Series looked at between two looks at the clock. */
const LOOK_EVERY = 256;

/**
 * The label sets of the series that are meant, each once.
 * @throws LimitError where the time is over
 */
export function* heldSeries(source: SeriesSource, asked: SeriesAsked, pace: Pace): Generator<Labels> {
  const paced = new PacedSource(source, pace);
  const chosen = asked.selectors.length === 0 ? [[]] : asked.selectors;
  const seen = new Set<string>();
  const present = presence(asked);
  let looked = 0;
  for (const matchers of chosen) {
    for (const view of paced.select(matchers)) {
      if (++looked % LOOK_EVERY === 0) pace.check();
      if (seen.has(view.labels.key) || !present(view)) continue;
      seen.add(view.labels.key);
      yield view.labels;
    }
  }
}

/** Says of a series whether it has a sample in the span. */
function presence({ from, to }: SeriesAsked): (view: SeriesView) => boolean {
  if (from === undefined && to === undefined) return () => true;
  const first = from ?? epochMs(-8.64e15);
  const last = to ?? epochMs(8.64e15);
  const point = { time: 0, value: 0 };
  const buffer = new PointBuffer();
  return (view) => {
    // Most have one at the end of the span; only for the others all are read.
    if (view.latest(last, durationMs(last - first + 1), point)) return true;
    buffer.clear();
    view.range(epochMs(first - 1), last, buffer);
    return buffer.length > 0;
  };
}

/** The names of all labels, in Prometheus' order. */
export function labelNamesOf(series: Iterable<Labels>): readonly string[] {
  const names = new Set<string>();
  for (const { pairs } of series) for (const [name] of pairs) names.add(name);
  return [...names].sort(compareUtf8);
}

/** The values of one label, in Prometheus' order. */
export function labelValuesOf(series: Iterable<Labels>, name: string): readonly string[] {
  const values = new Set<string>();
  for (const labels of series) {
    const value = labels.get(name);
    if (value !== undefined) values.add(value);
  }
  return [...values].sort(compareUtf8);
}
