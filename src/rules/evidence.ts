import type { Explanation } from "../detectors/detector.ts";
import { durationMs, type EpochMs, formatDuration, formatTime } from "../series/time.ts";
import type { Evidence } from "./types.ts";
import type { SeriesDetect } from "./watch.ts";

/** Six significant digits are all a person or a comparison needs. */
const round = (value: number): number => Number(value.toPrecision(6));

/** The numbers behind a statistical finding. */
export function evidenceOf(detect: SeriesDetect, why: Explanation, score: number, since: EpochMs): Evidence {
  const fell = detect.direction === "down" || (detect.direction === "both" && why.observed < (why.expected ?? 0));
  const wouldNotFire = fell ? why.lower : why.upper;
  return {
    signal: detect.signal.kind,
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
    evidence_nats: round(why.evidence),
    threshold_nats: round(why.threshold),
    since: formatTime(since),
    ...(wouldNotFire !== undefined && { would_not_fire: round(wouldNotFire) }),
  };
}

/** The same as one sentence a person on call understands; empty where the evidence is not a statistic. */
export function sentenceOf(evidence: Evidence): string {
  const { signal, numerator, denominator, observed, expected, would_not_fire, since, window_seconds } = evidence;
  if (typeof observed !== "number" || typeof numerator !== "number" || typeof denominator !== "number") return "";
  const parts = [`Seen: ${seen(signal, numerator, denominator, observed, Number(window_seconds ?? 0))}`];
  if (typeof expected === "number") parts.push(`expected about ${quantity(signal, expected)}`);
  if (typeof would_not_fire === "number") {
    const fell = would_not_fire === evidence.lower && would_not_fire !== evidence.upper;
    const nearest = quantity(signal, would_not_fire);
    parts.push(fell ? `${nearest} or more would not have fired` : `up to ${nearest} would not have fired`);
  }
  return `${parts.join("; ")}; since ${String(since)}.`;
}

function seen(signal: unknown, numerator: number, denominator: number, observed: number, seconds: number): string {
  const span = seconds > 0 ? ` in ${formatDuration(durationMs(Math.round(seconds) * 1000))}` : " in one scrape";
  if (signal === "ratio") return `${numerator} of ${denominator} (${quantity(signal, observed)})${span}`;
  if (signal === "rate") return `${numerator} (${quantity(signal, observed)})${span}`;
  if (signal === "mean") return `${quantity(signal, observed)} on average over ${denominator}${span}`;
  return quantity(signal, observed);
}

/** A value in words a person reads: per cent for ratios, per second for rates. */
function quantity(signal: unknown, value: number): string {
  if (signal === "ratio") return `${Number((value * 100).toPrecision(3))} %`;
  const short = Number(value.toPrecision(4));
  return signal === "rate" ? `${short}/s` : `${short}`;
}
