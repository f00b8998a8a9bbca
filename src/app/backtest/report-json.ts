import { type EpochMs, formatTime } from "../../series/time.ts";
import type { Backtested, Run } from "./backtest.ts";
import type { Difference, Match } from "./difference.ts";
import type { Episode } from "./episodes.ts";
import { comparedTotals, hasNewAlerts, type Report } from "./report.ts";
import type { RuleTotal } from "./totals.ts";

type Json = Readonly<Record<string, unknown>>;

/** A report as one JSON object; docs/backtest.md says what its fields mean. Lengths are in seconds. */
export function reportJson(report: Report): Json {
  const { rules, against, histories, interrupted } = report;
  return {
    rules,
    ...(against !== undefined && { against, new_alerts: hasNewAlerts(report) }),
    ...(interrupted && { interrupted }),
    alerts: comparedTotals(report).map(({ alertname, ours, theirs }) => ({
      alertname,
      severity: (ours ?? theirs)!.severity,
      ...totalJson(ours),
      ...(against !== undefined && { against: totalJson(theirs) }),
    })),
    histories: histories.map(historyJson),
  };
}

function totalJson(total: RuleTotal | undefined): Json {
  return {
    episodes: total?.episodes ?? 0,
    subjects: total?.subjects ?? 0,
    open: total?.open ?? 0,
    in_alarm_seconds: (total?.inAlarm ?? 0) / 1000,
    longest_seconds: (total?.longest ?? 0) / 1000,
  };
}

function historyJson({ name, start, end, spacing, scrapes, failedScrapes, notes, run, ...rest }: Backtested): Json {
  const { against, difference } = rest;
  return {
    name,
    from: formatTime(start),
    to: formatTime(end),
    spacing_seconds: spacing / 1000,
    scrapes,
    failed_scrapes: failedScrapes,
    notes,
    ...runJson(run),
    ...(against && { against: runJson(against) }),
    ...(difference && { difference: differenceJson(difference, end) }),
  };
}

const runJson = ({ problems, episodes, end }: Run): Json => ({
  problems,
  episodes: episodes.map((episode) => episodeJson(episode, end)),
});

const differenceJson = ({ added, removed, both }: Difference, end: EpochMs): Json => ({
  added: added.map((episode) => episodeJson(episode, end)),
  removed: removed.map((episode) => episodeJson(episode, end)),
  both: both.map((match) => matchJson(match, end)),
});

const matchJson = ({ ours, theirs, later }: Match, end: EpochMs): Json => ({
  later_seconds: later / 1000,
  episodes: ours.map((episode) => episodeJson(episode, end)),
  against: theirs.map((episode) => episodeJson(episode, end)),
});

function episodeJson(episode: Episode, end: EpochMs): Json {
  const { alertname, labels, summary, activeAt, firedAt, endedAt, reason, unit, value, peakScore, peakValue } = episode;
  return {
    alertname,
    labels: labels.toJSON(),
    summary,
    active_at: formatTime(activeAt),
    start: formatTime(firedAt),
    end: endedAt === undefined ? null : formatTime(endedAt),
    ...(reason !== undefined && { reason }),
    seconds: ((endedAt ?? end) - firedAt) / 1000,
    ...(unit !== undefined && { unit }),
    value: finite(value),
    peak_value: finite(peakValue),
    ...(peakScore !== undefined && { peak_score: finite(peakScore) }),
  };
}

/** JSON has no NaN and no infinities: there the value is its name, which `Number` reads back. */
const finite = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
