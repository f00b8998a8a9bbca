import { DAY, type DurationMs, durationMs, MINUTE } from "../series/time.ts";
import type { Against, Baseline, DetectorName, Direction, FireWhen, Lasting, Signal } from "./types.ts";

/** What a `detect:` block means where it says nothing. One row a kind of signal; levels differ by their detector. */
interface DetectDefaults {
  /** One subject per combination of these labels. */
  readonly by: readonly string[];
  readonly direction: Direction;
  readonly against: Against;
  readonly baseline: Baseline;
  readonly fire: FireWhen;
  readonly clear: { readonly score: number };
  readonly learning: { readonly widen: number; readonly above: number };
}

/** What every signal starts from: a model version of one server is a subject, and only more than normal is a finding. */
const COMMON: DetectDefaults = {
  by: ["instance", "model", "version", "namespace"],
  direction: "up",
  against: "baseline",
  baseline: { season: "auto", half_life: durationMs(3 * DAY) },
  fire: { score: 1, min_bad: 0, above: 0, times: 1, lasting: { above: 0, times: 1 } },
  clear: { score: 0.5 },
  learning: { widen: 2, above: 0.1 },
};

/**
 * A ratio needs five failures, 2 %, and two and a half times its normal: three failures in four requests are an accident. What
 * lasts matters from two in a thousand on. Releases change it, so it is half forgotten in a day and a half.
 */
const RATIO: DetectDefaults = {
  ...withFire({ min_bad: 5, above: 0.02, times: 2.5, lasting: { above: 0.002, times: 1.2 } }),
  baseline: { season: "auto", half_life: durationMs(1.5 * DAY) },
};

/** A rate needs thirty requests and three times its normal: traffic doubles for honest reasons. */
const RATE = withFire({ min_bad: 30, times: 3, lasting: { above: 0, times: 1.8 } });

/** A mean needs a quarter more than its normal: less is the noise of batching. */
const MEAN = withFire({ times: 1.25 });

/** A backlog needs four requests waiting: fewer drain within a scrape. */
const BACKLOG = withFire({ min_bad: 4 });

/** A gauge that is a share of a bound has no floor of its own: its detector's score decides. */
const GAUGE = withFire({});

/** Of an unknown quantity nothing is known: every departure counts, and a weekend is too short to forget a week. */
const ENVELOPE: DetectDefaults = {
  ...COMMON,
  direction: "both",
  baseline: { ...COMMON.baseline, half_life: durationMs(14 * DAY) },
};

/** A bound that people state is where an alert begins and ends. Counters are taken over a minute, gauges as they are. */
const THRESHOLD: DetectDefaults = { ...withFire({ over: durationMs(MINUTE) }), clear: { score: 1 } };
const RATIO_THRESHOLD: DetectDefaults = { ...THRESHOLD, fire: { ...THRESHOLD.fire, min_bad: RATIO.fire.min_bad } };
const LEVEL_THRESHOLD: DetectDefaults = { ...THRESHOLD, fire: { ...THRESHOLD.fire, over: durationMs(0) } };

/** Events of the inventory are facts, not statistics: of these defaults only `by` is read. */
const MODELS = COMMON;

/** A restart is the server's, not a model's. */
const RESTARTS: DetectDefaults = { ...COMMON, by: ["instance"] };

/** How long an event's alert lasts where the rule says nothing: longer, and repeats would merge into one. */
export const EVENT_KEEP_FIRING_FOR: DurationMs = MINUTE;

/** The detectors that can judge a kind of signal, the default first. */
export const DETECTORS_OF: Readonly<Record<Signal["kind"], readonly DetectorName[]>> = {
  ratio: ["counts", "envelope", "threshold"],
  rate: ["counts", "envelope", "threshold"],
  mean: ["log-mean", "envelope", "threshold"],
  level: ["backlog", "gauge", "envelope", "threshold"],
  models: [],
};

/** The detectors that keep a slow reference behind their baseline, of the signals they judge. */
export const ANCHORED: readonly DetectorName[] = ["counts"];

/** The detector of a signal that names none: a level divided by a bound is a gauge, others are backlogs. */
export function defaultDetector(signal: Signal): DetectorName {
  if (signal.kind === "level" && signal.of.length > 0) return "gauge";
  return DETECTORS_OF[signal.kind][0] ?? "counts";
}

/** The row of the table that a signal and its detector start from. */
export function defaultsFor(signal: Signal, detector: DetectorName): DetectDefaults {
  if (detector === "envelope") return ENVELOPE;
  if (detector === "threshold") {
    if (signal.kind === "level") return LEVEL_THRESHOLD;
    return signal.kind === "ratio" ? RATIO_THRESHOLD : THRESHOLD;
  }
  switch (signal.kind) {
    case "ratio":
      return RATIO;
    case "rate":
      return RATE;
    case "mean":
      return MEAN;
    case "level":
      return detector === "backlog" ? BACKLOG : GAUGE;
    case "models":
      return signal.events.every((event) => event === "restarted") ? RESTARTS : MODELS;
  }
}

function withFire(fire: Partial<FireWhen>): DetectDefaults {
  const lasting: Lasting = { above: fire.above ?? 0, times: fire.times ?? 1 };
  return { ...COMMON, fire: { ...COMMON.fire, lasting, ...fire } };
}
