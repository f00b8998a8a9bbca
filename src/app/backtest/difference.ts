import { type DurationMs, durationMs, type EpochMs, MINUTE } from "../../series/time.ts";
import { type Episode, isWatchdog } from "./episodes.ts";
import type { EpisodesOf } from "./totals.ts";

/** Episodes of one alert that stand for the same thing under two rule files. */
export interface Match {
  readonly ours: readonly Episode[];
  readonly theirs: readonly Episode[];
  /** By how much ours begin after theirs; negative where they are earlier. */
  readonly later: DurationMs;
}

/** How the episodes of rules differ from those of others over the same history. */
export interface Difference {
  readonly added: readonly Episode[];
  readonly removed: readonly Episode[];
  readonly both: readonly Match[];
}

interface Span {
  readonly episode: Episode;
  readonly ours: boolean;
  readonly from: number;
  readonly to: number;
}

/** Episodes no farther apart than this are about the same thing: `for` and `keep_firing_for` move their ends. */
const SLACK = MINUTE;

/** Compares episodes but those of watchdogs: of the same alert and subject, what overlaps or nearly does is the same. */
export function differenceOf(ours: EpisodesOf, theirs: EpisodesOf): Difference {
  const bySubject = new Map<string, Span[]>();
  for (const [side, { episodes, end }] of [ours, theirs].entries()) {
    for (const episode of episodes) {
      if (isWatchdog(episode)) continue;
      const key = `${episode.alertname} ${episode.subject.key}`;
      const spans = bySubject.get(key) ?? [];
      bySubject.set(key, spans);
      spans.push({ episode, ours: side === 0, from: episode.firedAt, to: episode.endedAt ?? end });
    }
  }
  const clusters = [...bySubject.values()].flatMap(clustersOf);
  const added: Episode[] = [];
  const removed: Episode[] = [];
  const both: Match[] = [];
  for (const cluster of clusters) {
    const own = cluster.flatMap(({ ours, episode }) => (ours ? [episode] : []));
    const other = cluster.flatMap(({ ours, episode }) => (ours ? [] : [episode]));
    if (other.length === 0) added.push(...own);
    else if (own.length === 0) removed.push(...other);
    else both.push({ ours: own, theirs: other, later: durationMs(own[0]!.firedAt - other[0]!.firedAt) });
  }
  const inTime = (a: Episode, b: Episode) => a.firedAt - b.firedAt;
  return {
    added: added.sort(inTime),
    removed: removed.sort(inTime),
    both: both.sort((a, b) => inTime(a.ours[0]!, b.ours[0]!)),
  };
}

/** Runs of spans that overlap or nearly do, in the order of time. */
function clustersOf(spans: readonly Span[]): readonly (readonly Span[])[] {
  const clusters: Span[][] = [];
  let reached: EpochMs | number = Number.NEGATIVE_INFINITY;
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    if (span.from - reached > SLACK) clusters.push([]);
    clusters.at(-1)!.push(span);
    reached = Math.max(reached, span.to);
  }
  return clusters;
}
