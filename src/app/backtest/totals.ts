import { type DurationMs, durationMs, type EpochMs } from "../../series/time.ts";
import { type Episode, isWatchdog } from "./episodes.ts";

/** What the alerts of one name came to. */
export interface RuleTotal {
  readonly alertname: string;
  /** The first one's. */
  readonly severity: string;
  readonly episodes: number;
  readonly subjects: number;
  /** Still firing at the end of their history. */
  readonly open: number;
  /** Time in which at least one of them fired. */
  readonly inAlarm: DurationMs;
  readonly longest: DurationMs;
}

/** Episodes of one history, and when that ended. */
export interface EpisodesOf {
  readonly episodes: readonly Episode[];
  readonly end: EpochMs;
}

/** Sums up episodes by the names of their alerts, over several histories; most time in alarm first, watchdogs last. */
export function totalsOf(histories: readonly EpisodesOf[]): readonly RuleTotal[] {
  const byName = new Map<string, { history: number; episode: Episode; end: EpochMs }[]>();
  for (const [history, { episodes, end }] of histories.entries()) {
    for (const episode of episodes) {
      const own = byName.get(episode.alertname) ?? [];
      byName.set(episode.alertname, own);
      own.push({ history, episode, end: episode.endedAt ?? end });
    }
  }
  const totals = [...byName].map(([alertname, own]): RuleTotal => {
    const parts = [...new Set(own.map(({ history }) => history))].map((history) =>
      unionLength(own.flatMap((one) => (one.history === history ? [[one.episode.firedAt, one.end] as const] : []))),
    );
    return {
      alertname,
      severity: own[0]!.episode.severity,
      episodes: own.length,
      subjects: new Set(own.map(({ history, episode }) => `${history} ${episode.subject.key}`)).size,
      open: own.filter(({ episode }) => episode.endedAt === undefined).length,
      inAlarm: durationMs(parts.reduce((sum, part) => sum + part, 0)),
      longest: durationMs(own.reduce((most, { episode, end }) => Math.max(most, end - episode.firedAt), 0)),
    };
  });
  const last = (total: RuleTotal) => Number(isWatchdog(total));
  return totals.sort((a, b) => last(a) - last(b) || b.inAlarm - a.inAlarm || (a.alertname < b.alertname ? -1 : 1));
}

/** How much time spans cover together. */
function unionLength(spans: readonly (readonly [from: number, to: number])[]): number {
  let covered = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (to <= reached) continue;
    covered += to - Math.max(from, reached);
    reached = to;
  }
  return covered;
}
