import type { Explanation } from "../detectors/detector.ts";
import type { Reading } from "../series/reading.ts";
import { type EpochMs, epochMs, MINUTE } from "../series/time.ts";
import type { Direction } from "./types.ts";

/** What a person says of an alarm: it was right, it was a mistake, or it was right and no harm. */
export const CALLS = ["true", "false", "expected"] as const;
export type Call = (typeof CALLS)[number];

/** On which side of normal a value lies. */
export type Side = "up" | "down";

/** An alarm that begins again so soon is still the same happening: its alert is still listed for people to judge. */
export const SAME = 15 * MINUTE;
/** Seconds a single reading counts for at most: one after an outage spans all of it and saw its end only. */
const LONGEST = 300;

/** What a rule saw of one subject from the moment it called it anomalous. */
export interface Episode {
  /** When the alarm was over; undefined while it lasts. */
  ended: EpochMs | undefined;
  /** The farthest value seen on each side of normal. */
  readonly reached: { [S in Side]?: number };
  /** The newest value that was expected. */
  normal: number;
  /** Seconds of it that were read. */
  seconds: number;
  /** The most numerator events a second: of a ratio, the bad ones. */
  flow: number;
  /** What people called it; the last word stands. */
  call: Call | undefined;
  /** What the slow reference was before people called how far it is off normal; undefined where they did not. */
  reference: Float64Array | undefined;
}

/**
 * The episode of an alarm that begins: the one before, where it is the same happening and nobody called it normal.
 * @param trusted seconds of the same happening that passed as normal until now
 */
export function beginEpisode(before: Episode | undefined, at: EpochMs, trusted = 0): Episode {
  if (before !== undefined && (before.call === undefined || before.call === "true") && recent(before, at)) {
    before.ended = undefined;
    return before;
  }
  return { ended: undefined, reached: {}, normal: 0, seconds: trusted, flow: 0, call: undefined, reference: undefined };
}

/** Seconds of a reading, as far as it can speak for them. */
export const secondsOf = ({ seconds }: Reading): number => Math.min(seconds, LONGEST);

/**
 * Takes down what the alarm shows now.
 * @param reading undefined where the newest scrape could not be read
 */
export function noteReading(
  episode: Episode,
  direction: Direction,
  { observed, expected = 0, numerator, window }: Explanation,
  reading: Reading | undefined,
): void {
  if (reading !== undefined) {
    episode.seconds += secondsOf(reading);
    if (reading.seconds > 0) episode.flow = Math.max(episode.flow, reading.numerator / reading.seconds);
  }
  // An alarm may begin on the reading after the worst one: its window has seen both.
  if (window > 0 && Number.isFinite(numerator)) episode.flow = Math.max(episode.flow, numerator / window);
  if (!Number.isFinite(observed)) return;
  const side = sideOf(direction, observed, expected);
  const farthest = episode.reached[side] ?? observed;
  episode.reached[side] = side === "up" ? Math.max(farthest, observed) : Math.min(farthest, observed);
  episode.normal = expected;
}

/** Whether an episode was called true and is not long over: nothing seen in it may teach. */
export const isConfirmed = (episode: Episode, at: EpochMs): boolean => episode.call === "true" && recent(episode, at);

/** A rule that looks one way sees one side only. */
export function sideOf(direction: Direction, observed: number, expected: number): Side {
  if (direction !== "both") return direction;
  return observed < expected ? "down" : "up";
}

const recent = ({ ended }: Episode, at: EpochMs): boolean => ended === undefined || at <= epochMs(ended + SAME);
