import type { ScrapeInput } from "../../monitor/inputs.ts";
import type { InputSeries, RuleTest } from "../../rules/tests/types.ts";
import { type Cell, expand } from "../../rules/tests/values.ts";
import type { Labels } from "../../series/labels.ts";
import type { Recorder } from "../../series/recorder.ts";
import { type DurationMs, type EpochMs, epochMs } from "../../series/time.ts";
import { targetsOf } from "./synthetic-targets.ts";

/** An instant at which something happens in a test on series. */
export interface Moment {
  readonly at: EpochMs;
  readonly scrapes: readonly ScrapeInput[];
  /** Rules with `expr` run. */
  readonly evaluates: boolean;
}

/** Input series as they are fed to a world. */
export interface Feed {
  /** Scraped from servers, as `detect` rules need it. */
  readonly scraped: readonly InputSeries[];
  /** Written as they are, sample by sample: what Prometheus' storage would hold. */
  readonly written: readonly InputSeries[];
}

/**
 * How the series of a test reach the rules. Without `detect` rules all are written as promtool does it, gaps and all. With
 * them a series is something a server shows, but for those that only this program can write.
 */
export function feedOf(series: readonly InputSeries[], detects: boolean, owns: (family: string) => boolean): Feed {
  // As in promtool the last of two equal series counts.
  const last = [...new Map(series.map((one) => [one.labels.key, one])).values()];
  const isScraped = ({ labels: { metric } }: InputSeries) => detects && (metric === "up" || !owns(metric));
  return { scraped: last.filter(isScraped), written: last.filter((one) => !isScraped(one)) };
}

/** The instants of a test on series, from its start to its end: every evaluation, and every scrape where there are any. */
export function* momentsOf(
  { interval, start }: RuleTest["input"] & { readonly kind: "series" },
  { scraped }: Feed,
  evaluationInterval: DurationMs,
  end: DurationMs,
): Generator<Moment> {
  const targets = targetsOf(scraped);
  let evaluation = 0;
  let scrape = 0;
  for (;;) {
    const evaluationAt = evaluation * evaluationInterval;
    const scrapeAt = targets.length > 0 ? scrape * interval : Number.POSITIVE_INFINITY;
    const since = Math.min(evaluationAt, scrapeAt);
    if (since > end) return;
    const at = epochMs(start + since);
    yield {
      at,
      scrapes: since === scrapeAt ? targets.flatMap((target) => target.scrape(scrape, at) ?? []) : [],
      evaluates: since === evaluationAt,
    };
    if (since === evaluationAt) evaluation++;
    if (since === scrapeAt) scrape++;
  }
}

/** Writes series into a recorder as time goes on. */
export class Writer {
  readonly #series: readonly { readonly labels: Labels; readonly cells: readonly Cell[] }[];
  readonly #start: EpochMs;
  readonly #interval: DurationMs;
  #next = 0;

  constructor({ start, interval }: RuleTest["input"] & { readonly kind: "series" }, { written }: Feed) {
    this.#series = written.map(({ labels, values }) => ({ labels, cells: expand(values) }));
    this.#start = start;
    this.#interval = interval;
  }

  /** Writes every sample up to an instant that is not written yet. */
  writeTo(at: EpochMs, recorder: Recorder): void {
    const longest = this.#series.reduce((most, { cells }) => Math.max(most, cells.length), 0);
    for (; this.#next < longest && this.#start + this.#next * this.#interval <= at; this.#next++) {
      const time = epochMs(this.#start + this.#next * this.#interval);
      for (const { labels, cells } of this.#series) {
        const cell = cells[this.#next];
        if (cell === "stale") recorder.stale(labels, time);
        else if (cell !== undefined) recorder.record(labels, time, cell);
      }
    }
  }
}
