import type { Explanation } from "../detectors/detector.ts";
import { metricNameOf } from "../series/matchers.ts";
import { durationMs, type EpochMs, epochMs, formatDuration, formatTime } from "../series/time.ts";
import { type Split, splitOf } from "../signals/split.ts";
import type { Evidence, Json } from "./types.ts";
import type { SeriesDetect, Watch, Watched } from "./watch.ts";

/** Six significant digits are all a person or a comparison needs. */
const round = (value: number): number => Number(value.toPrecision(6));

/** The numbers behind a statistical finding. */
export function evidenceOf(detect: SeriesDetect, why: Explanation, score: number, since: EpochMs): Evidence {
  const fell = detect.direction === "down" || (detect.direction === "both" && why.observed < (why.expected ?? 0));
  const wouldNotFire = fell ? why.lower : why.upper;
  return {
    signal: detect.signal.kind,
    ...(isMicroseconds(detect) && { unit: "us" }),
    detector: detect.detector,
    test: why.test,
    window_seconds: round(why.window),
    numerator: round(why.numerator),
    denominator: round(why.denominator),
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

/**
 * What a person wants to know beside the numbers: whether the detector still learns the subject, whose normal it began with, and
 * what the events were. Looked up for a finding only.
 */
export function backgroundOf(
  { signal, by }: SeriesDetect,
  { detector, table }: Watch,
  { row, subject, prior }: Watched,
  { numerator }: Explanation,
): Evidence {
  const counts = signal.kind === "ratio" || signal.kind === "rate";
  const split = counts ? splitOf(table, subject.numerator, by, numerator) : undefined;
  return {
    ...(detector.learning(row) && { learning: true }),
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

/** The same as one sentence a person on call understands; empty where the evidence is not a statistic. */
export function sentenceOf(evidence: Evidence): string {
  const { numerator, denominator, observed, expected, would_not_fire, since, window_seconds } = evidence;
  const signal = evidence["unit"] === "us" ? "duration" : evidence["signal"];
  if (typeof observed !== "number" || typeof numerator !== "number" || typeof denominator !== "number") return "";
  const what = splitText(evidence["split"]);
  const parts = [`Seen: ${seen(signal, numerator, denominator, observed, Number(window_seconds ?? 0))}${what}`];
  if (typeof expected === "number") parts.push(`expected about ${quantity(signal, expected)}`);
  if (typeof would_not_fire === "number") {
    const fell = would_not_fire === evidence.lower && would_not_fire !== evidence.upper;
    const nearest = quantity(signal, would_not_fire);
    parts.push(fell ? `${nearest} or more would not have fired` : `up to ${nearest} would not have fired`);
  }
  const { called_normal: called, raised } = evidence;
  if (typeof raised === "string") parts.push(`the threshold is ${raised}`);
  if (Array.isArray(called)) parts.push(...called.map(String));
  if (since !== undefined) parts.push(`since ${String(since)}`);
  return `${parts.join("; ")}.`;
}

/** A split in words: ": 12 BACKEND, 3 REJECTED"; empty where there is none. */
function splitText(split: Json | undefined): string {
  if (!isObject(split) || !isObject(split["counts"])) return "";
  const sorted = Object.entries(split["counts"]).sort(([, m], [, n]) => Number(n) - Number(m));
  const parts = sorted.map(([value, count]) => `${String(count)} ${plain(value)}`);
  if (typeof split["other"] === "number") parts.push(`${split["other"]} others`);
  return `: ${parts.join(", ")}`;
}

const isObject = (json: Json | undefined): json is { readonly [name: string]: Json } =>
  typeof json === "object" && json !== null && !Array.isArray(json);

/** A label's value as a word of a sentence; in quotes where it is none. */
const plain = (value: string): string => (/^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value));

function seen(signal: unknown, numerator: number, denominator: number, observed: number, seconds: number): string {
  const span = seconds > 0 ? ` in ${formatDuration(durationMs(Math.round(seconds) * 1000))}` : " in one scrape";
  if (signal === "ratio") return `${numerator} of ${denominator} (${quantity(signal, observed)})${span}`;
  if (signal === "rate") return `${numerator} (${quantity(signal, observed)})${span}`;
  if (signal === "mean" || signal === "duration")
    return `${quantity(signal, observed)} on average over ${denominator}${span}`;
  return quantity(signal, observed);
}

/** A value in words a person reads: per cent for ratios, per second for rates, ms for durations in microseconds. */
export function quantity(signal: unknown, value: number): string {
  if (signal === "ratio") return `${Number((value * 100).toPrecision(3))} %`;
  if (signal === "duration") return value < 1e6 ? `${short(value / 1e3)} ms` : `${short(value / 1e6)} s`;
  return signal === "rate" ? `${short(value)}/s` : `${short(value)}`;
}

/** Four significant digits. */
const short = (value: number): number => Number(value.toPrecision(4));
