import { DAY, type DurationMs, durationMs, formatDuration, HOUR, MINUTE, SECOND } from "../../series/time.ts";
import type { ExportOptions } from "./types.ts";

/** Samples a counter needs in a window before its increase says anything. */
const FEWEST_SAMPLES = 4;

const WINDOWS_IN_BASELINE = 5;

/** The lengths of time the recording rules of an export work with; texts are Prometheus durations. */
export interface Scales {
  readonly interval: DurationMs;
  /** The shortest window in which the increase of a counter says something. */
  readonly shortest: DurationMs;
  /** How far back an evaluation finds the recorded state before its own. */
  readonly lag: string;
  readonly baseline: string;
  /** Rates follow the last hour at most. */
  readonly level: string;
  /** What is newer than this has not taught yet. */
  readonly delay: string;
  /** Samples of history before a baseline counts. */
  readonly fewest: number;
  /** Whether the baseline holds the same hour of yesterday. */
  readonly yesterday: boolean;
  /** How often baselines are evaluated. */
  readonly baselineInterval: DurationMs;
  /** Bounded gauges are averaged over blocks of this length. */
  readonly block: DurationMs;
  /** Those of the given lengths that hold enough scrapes and fit into the baseline often enough, at least one. */
  windows(lengths: readonly number[]): readonly DurationMs[];
}

export function scalesOf({ interval, baselineWindow, dialect }: ExportOptions): Scales {
  const shortest = FEWEST_SAMPLES * interval;
  const block = Math.max(shortest, Math.min(5 * MINUTE, Math.ceil(baselineWindow / 12 / SECOND) * SECOND));
  return {
    interval,
    shortest: durationMs(shortest),
    // VictoriaMetrics shows what a rule recorded only after the group is through.
    lag: text(dialect === "victoriametrics" ? 2 * interval : interval),
    baseline: text(baselineWindow),
    level: text(Math.min(HOUR, baselineWindow)),
    delay: text(Math.min(MINUTE, baselineWindow / 5)),
    fewest: Math.max(FEWEST_SAMPLES, Math.ceil(MINUTE / interval)),
    yesterday: baselineWindow >= DAY,
    baselineInterval: durationMs(
      Math.max(interval, Math.min(MINUTE, Math.ceil(baselineWindow / 20 / SECOND) * SECOND)),
    ),
    block: durationMs(block),
    windows: (lengths) => {
      // A baseline of a few windows' length would know no scatter.
      const fits = (length: number): boolean => length >= shortest && length <= baselineWindow / WINDOWS_IN_BASELINE;
      const fitting = lengths.map((seconds) => seconds * SECOND).filter(fits);
      const [first = Number.POSITIVE_INFINITY] = fitting;
      return (first >= 2 * shortest ? [shortest, ...fitting] : fitting).map(durationMs);
    },
  };
}

const text = (length: number): string => formatDuration(durationMs(length));
