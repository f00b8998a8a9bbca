import type { Explanation } from "../detectors/detector.ts";
import type { EpochMs } from "../series/time.ts";
import { type Episode, isConfirmed } from "./episode.ts";
import type { Noise } from "./noise.ts";
import type { Tolerances } from "./tolerances.ts";
import type { Watched } from "./watch.ts";

/** What a rule thinks of a subject; published as a series and in the API. */
export type SubjectState = "learning" | "normal" | "anomalous" | "unknown";

/** How one subject stands under one rule after the newest scrape. */
export interface Verdict {
  readonly watched: Watched;
  state: SubjectState;
  score: number;
  /** The numbers behind the finding; undefined where there is none. */
  explanation: Explanation | undefined;
  /** When the alarm began. */
  since: EpochMs | undefined;
  /** Seconds of it that were read: what nobody saw is no new normal. */
  seen: number;
  /** The alarm, or the last one: what it reached, and what people called it. */
  episode: Episode | undefined;
  /** What people called normal of this subject; undefined where nothing is in force. */
  tolerances: Tolerances | undefined;
  /** How noisy it is; undefined while it had no alarm lately. */
  noise: Noise | undefined;
}

/** Of a subject nobody has judged yet. */
export const newVerdict = (watched: Watched): Verdict => ({
  watched,
  state: "learning",
  score: 0,
  explanation: undefined,
  since: undefined,
  seen: 0,
  episode: undefined,
  tolerances: undefined,
  noise: undefined,
});

/** What a person called an attack is kept out of what the watch learns, whichever of its rules would take it for normal. */
export function keepOut({ episode, watched }: Verdict, at: EpochMs): void {
  if (episode?.call !== "true") return;
  watched.confirmed = isConfirmed(episode, at);
  if (watched.confirmed) watched.withheld = true;
}
