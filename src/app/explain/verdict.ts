import type { Explanation } from "../../detectors/detector.ts";
import { backgroundOf, evidenceOf } from "../../rules/evidence.ts";
import type { Judged } from "../../rules/judge.ts";
import { sentenceOf } from "../../rules/sentence.ts";
import type { AlertRule } from "../../rules/types.ts";
import { type SeriesDetect, type Watch, watchesSeries } from "../../rules/watch.ts";
import { epochMs } from "../../series/time.ts";
import type { ApiTest } from "../../web/subject-types.ts";

/** The statistic of a rule; undefined where it has none. */
export function seriesDetectOf({ condition }: AlertRule): SeriesDetect | undefined {
  return condition.kind === "detect" && watchesSeries(condition.detect) ? condition.detect : undefined;
}

/** How a subject stands, in one sentence for a person: its state, what was seen and expected, and what would not have fired. */
export function verdictOf(detect: SeriesDetect, watch: Watch, { watched, state, score, explanation }: Judged): string {
  if (state === "unknown") return "Unknown: the newest scrape says nothing of it";
  const numbers = evidenceOf(detect, explanation, score, epochMs(watched.reading.at));
  const { since: _since, ...evidence } = { ...numbers, ...backgroundOf(detect, watch, watched, explanation) };
  // "Still learning" is said once.
  const told = state === "learning" ? { ...evidence, learning: false } : evidence;
  const sentence = sentenceOf(told, watched.labels.toJSON());
  return `${WORDS[state]} ${sentence.replace(/^Seen: /, "").replace(/\.$/, "")}`;
}

const WORDS = { anomalous: "Anomalous:", normal: "Normal:", learning: "Still learning:" } as const;

/** The test behind an explanation; JSON has no infinity and no NaN. */
export function showTest({ test, window, numerator, denominator, evidence, threshold }: Explanation): ApiTest {
  return {
    test,
    windowSeconds: finite(window),
    numerator: finite(numerator),
    denominator: finite(denominator),
    evidenceNats: finite(evidence),
    thresholdNats: finite(threshold),
  };
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
