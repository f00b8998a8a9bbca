import type { Explanation } from "../detectors/detector.ts";
import { metricNameOf } from "../series/matchers.ts";
import { type EpochMs, epochMs, formatTime } from "../series/time.ts";
import { type Split, splitOf } from "../signals/split.ts";
import type { Selector } from "../signals/types.ts";
import type { Evidence } from "./types.ts";
import type { SeriesDetect, Watch, Watched } from "./watch.ts";

/** What a series counts, by its name: the noun of a sentence. */
const NOUNS: readonly (readonly [pattern: RegExp, noun: string])[] = [
  [/pending_request/, "waiting"],
  [/^nv_inference_request_(success|failure)$/, "requests"],
  [/^nv_inference_exec_count$/, "executions"],
  [/^nv_inference_count$/, "inferences"],
];

/** Six significant digits are all a person or a comparison needs. */
const round = (value: number): number => Number(value.toPrecision(6));

/** The numbers behind a statistical finding. */
export function evidenceOf(detect: SeriesDetect, why: Explanation, score: number, since: EpochMs): Evidence {
  // Of a mean that forgets nothing but its size is true.
  const count = why.decayed ? Math.round : round;
  const noun = nounOf(detect.signal);
  const fell = detect.direction === "down" || (detect.direction === "both" && liesBelow(why));
  const wouldNotFire = fell ? why.lower : why.upper;
  return {
    signal: detect.signal.kind,
    ...(isMicroseconds(detect) && { unit: "us" }),
    detector: detect.detector,
    test: why.test,
    window_seconds: round(why.window),
    ...(noun !== undefined && { counted: noun }),
    numerator: count(why.numerator),
    denominator: count(why.denominator),
    ...(why.decayed && { decayed: true }),
    observed: round(why.observed),
    ...(why.expected !== undefined && { expected: round(why.expected) }),
    ...(why.lower !== undefined && { lower: round(why.lower) }),
    ...(why.upper !== undefined && { upper: round(why.upper) }),
    score: round(score),
    // A stated bound is no matter of chance.
    ...(why.threshold > 0 && { evidence_nats: round(why.evidence), threshold_nats: round(why.threshold) }),
    since: formatTime(since),
    ...(why.since !== undefined && { gathering_since: formatTime(epochMs(why.since)) }),
    ...(wouldNotFire !== undefined && { would_not_fire: round(wouldNotFire) }),
  };
}

/** On which side something lies: that of the bound it is outside of, or of what is expected. */
function liesBelow({ observed, expected = 0, lower, upper }: Explanation): boolean {
  if (lower !== undefined && observed < lower) return true;
  return !(upper !== undefined && observed > upper) && observed < expected;
}

/** What a rule's events are, where the names of its series say it: those of a rate, those a mean is over, or what waits. */
function nounOf(signal: SeriesDetect["signal"]): string | undefined {
  if (signal.kind === "ratio") return undefined;
  const selectors: readonly Selector[] =
    signal.kind === "rate"
      ? signal.of
      : signal.kind === "mean"
        ? signal.count
        : signal.of.length > 0
          ? []
          : signal.value;
  const nouns = new Set(
    selectors.map(({ matchers }) => {
      const name = metricNameOf(matchers) ?? "";
      return NOUNS.find(([pattern]) => pattern.test(name))?.[1];
    }),
  );
  return nouns.size === 1 ? [...nouns][0] : undefined;
}

/**
 * What a person wants to know beside the numbers: whether the detector still learns the subject, whose normal it began with, and
 * what the events were. Looked up for a finding only.
 */
export function backgroundOf(
  { signal, by, against, learning }: SeriesDetect,
  { detector, table }: Watch,
  { row, subject, prior }: Watched,
  { numerator, since, window, decayed }: Explanation,
): Evidence {
  const counts = (signal.kind === "ratio" || signal.kind === "rate") && !decayed;
  // What a sum counted ended with its last full block.
  const until = since === undefined ? undefined : Math.round(since + window * 1000);
  const split = counts ? splitOf(table, subject.numerator, by, numerator, until) : undefined;
  return {
    ...(detector.learning(row, against) && { learning: true, widened: learning.widen }),
    ...(prior && { prior: prior.toJSON() }),
    ...(split && { split: showSplit(split) }),
  };
}

/** The values apart from the label's own name: they are strangers' words and may be any. */
const showSplit = ({ label, counts, other }: Split): Evidence => ({
  label,
  counts: Object.fromEntries(counts),
  ...(other > 0 && { other }),
});

/** What a rule's values are counted in, as far as words for them differ: its signal's kind, or "duration". */
export const unitOf = (detect: SeriesDetect): string => (isMicroseconds(detect) ? "duration" : detect.signal.kind);

/** Whether a mean is one of Triton's durations, which say so in their names. */
function isMicroseconds({ signal }: SeriesDetect): boolean {
  if (signal.kind !== "mean" || signal.sum.length === 0) return false;
  return signal.sum.every(({ matchers }) => metricNameOf(matchers)?.endsWith("_us"));
}

/** A value in words a person reads: per cent for ratios, per second for rates, ms for durations in microseconds. */
export function quantity(signal: unknown, value: number): string {
  if (signal === "ratio") return `${Number((value * 100).toPrecision(3))} %`;
  if (signal === "duration") return value < 1e6 ? `${short(value / 1e3)} ms` : `${short(value / 1e6)} s`;
  return signal === "rate" ? `${short(value)}/s` : `${short(value)}`;
}

/** Four significant digits. */
const short = (value: number): number => Number(value.toPrecision(4));
