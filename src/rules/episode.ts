import type { Explanation } from "../detectors/detector.ts";
import { type EpochMs, epochMs, MINUTE } from "../series/time.ts";
import type { Direction } from "./types.ts";

/** What a person says of an alarm: it was right, it was a mistake, or it was right and no harm. */
export const CALLS = ["true", "false", "expected"] as const;
export type Call = (typeof CALLS)[number];

/** On which side of normal a value lies. */
export type Side = "up" | "down";

/** An alarm that begins again so soon is still the same happening: its alert is still listed for people to judge. */
const SAME = 15 * MINUTE;

/** What a rule saw of one subject from the moment it called it anomalous. */
export interface Episode {
  /** When the alarm was over; undefined while it lasts. */
  ended: EpochMs | undefined;
  /** The farthest value seen on each side of normal. */
  readonly reached: { [S in Side]?: number };
  /** The newest value that was expected. */
  normal: number;
  /** What people called it; the last word stands. */
  call: Call | undefined;
}

/** The episode of an alarm that begins: the one before, where it is the same happening and nobody called it normal. */
export function beginEpisode(before: Episode | undefined, at: EpochMs): Episode {
  if (before !== undefined && (before.call === undefined || before.call === "true") && recent(before, at)) {
    before.ended = undefined;
    return before;
  }
  return { ended: undefined, reached: {}, normal: 0, call: undefined };
}

/** Takes down what the alarm shows now. */
export function noteReading(episode: Episode, direction: Direction, { observed, expected = 0 }: Explanation): void {
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
