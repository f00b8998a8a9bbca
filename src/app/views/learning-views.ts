import type { Readiness } from "../../detectors/detector.ts";
import type { World } from "../../monitor/world.ts";
import { type SeriesDetect, type Watch, type Watched, watchesSeries } from "../../rules/watch.ts";
import type { SeriesSignal } from "../../signals/types.ts";
import type { ApiRuntimeInfo } from "../../web/api-types.ts";
import type { ApiLearning } from "../../web/subject-types.ts";

/** What detectors of a kind of signal count until they know enough. */
const EVENTS: Readonly<Record<SeriesSignal["kind"], string>> = {
  ratio: "request",
  rate: "event",
  mean: "block",
  level: "block",
};

/**
 * What a subject lacks until its detector judges by what it learned.
 * @param spacing seconds between scrapes
 */
export function showLearning(lacking: Readiness, kind: SeriesSignal["kind"], spacing: number): ApiLearning {
  const events = Math.ceil(lacking.events);
  const seconds = Math.ceil(Math.max(lacking.seconds, lacking.scrapes * spacing));
  const parts = [
    ...(seconds > 0 ? [`about ${lengthOf(seconds)}`] : []),
    ...(events > 0 ? [`${events} ${EVENTS[kind]}${events === 1 ? "" : "s"}`] : []),
  ];
  const text = parts.length === 0 ? "learning" : `learning, ${parts.join(" and ")} more`;
  return { seconds, scrapes: lacking.scrapes, events, text };
}

/** What a subject that still learns lacks; undefined for others. */
export function learningOf({ detector }: Watch, { row, reading }: Watched, { signal, against }: SeriesDetect) {
  if (!detector.learning(row, against)) return undefined;
  return showLearning(detector.readiness(row, against), signal.kind, reading.seconds);
}

/** How many subjects still learn, and what that one lacks which takes longest. */
export function showAllLearning(world: World): ApiRuntimeInfo["learning"] {
  let subjects = 0;
  let slowest: ApiLearning | undefined;
  const looked = new Set<Watch>();
  for (const rules of world.targetRules.values()) {
    for (const [{ condition }, { watch }] of rules.judges()) {
      const detect = condition.kind === "detect" ? condition.detect : undefined;
      if (!detect || !watchesSeries(detect) || looked.has(watch)) continue;
      // A slow reference takes days: who waits for the program waits for the baselines.
      if (detect.against === "anchor") continue;
      looked.add(watch);
      for (const watched of watch.subjects()) {
        const learning = watched.state === "absent" ? undefined : learningOf(watch, watched, detect);
        if (!learning) continue;
        subjects++;
        if (!slowest || takesLonger(learning, slowest)) slowest = learning;
      }
    }
  }
  return { subjects, ...(slowest && { slowest: slowest.text }) };
}

const takesLonger = (one: ApiLearning, other: ApiLearning): boolean =>
  one.seconds > other.seconds || (one.seconds === other.seconds && one.events > other.events);

/** In the unit a person would say it in. */
function lengthOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 2 * 3_600) return `${Math.ceil(seconds / 60)} min`;
  return seconds < 2 * 86_400 ? `${Math.ceil(seconds / 3_600)} h` : `${Math.ceil(seconds / 86_400)} days`;
}
