import { durationMs } from "../../series/time.ts";
import { printable } from "../../telemetry/printable.ts";
import type { Backtested } from "./backtest.ts";
import type { Difference } from "./difference.ts";
import type { Episode } from "./episodes.ts";
import { comparedTotals, heard, type Report } from "./report.ts";
import type { RuleTotal } from "./totals.ts";
import { lengthText, numberText, shiftText, spanText, subjectText, timeText, valueText } from "./wording.ts";

type Cells = readonly string[];

/** A report as lines for a terminal. */
export function* tableLines(report: Report): Generator<string> {
  const { rules, against, histories, interrupted } = report;
  yield `Rules: ${printable(rules)}${against === undefined ? "" : `, against ${printable(against)}`}`;
  for (const history of histories) yield* headLines(history);
  if (interrupted) yield "Ended before its time: what follows is about the part that was read.";
  yield "";
  yield* totalLines(report);
  for (const history of histories) {
    const where = histories.length > 1 ? ` in ${printable(history.name)}` : "";
    yield* episodeLines(history, where);
    if (history.difference) yield* differenceLines(history, history.difference, where);
  }
}

function* headLines({ name, start, end, spacing, scrapes, failedScrapes, ...rest }: Backtested): Generator<string> {
  const length = lengthText(durationMs(end - start));
  const every = lengthText(durationMs(spacing));
  yield `${printable(name)}: ${timeText(start)} to ${timeText(end)} (${length}), ${scrapes} scrapes every ${every}, ${failedScrapes} failed`;
  for (const note of rest.notes) yield `  note: ${printable(note)}`;
  for (const problem of rest.run.problems) yield `  ${printable(problem)}`;
  for (const problem of rest.against?.problems ?? []) yield `  against: ${printable(problem)}`;
}

function* totalLines(report: Report): Generator<string> {
  const totals = comparedTotals(report);
  if (totals.length === 0) {
    yield "No alert fired.";
    return;
  }
  const compared = report.against !== undefined;
  const head = ["ALERT", "SEVERITY", "EPISODES", "SUBJECTS", "IN ALARM", "LONGEST"];
  const rows = totals.map(({ alertname, ours, theirs }) => [
    alertname,
    (ours ?? theirs)!.severity,
    ...totalCells(ours),
    ...(compared ? totalCells(theirs) : []),
  ]);
  yield* table([[...head, ...(compared ? ["(AGAINST) EPISODES", "SUBJECTS", "IN ALARM", "LONGEST"] : [])], ...rows]);
}

const totalCells = (total: RuleTotal | undefined): Cells =>
  total === undefined
    ? ["0", "0", "0s", "-"]
    : [String(total.episodes), String(total.subjects), lengthText(total.inAlarm), lengthText(total.longest)];

function* episodeLines({ run, end }: Backtested, where: string): Generator<string> {
  const episodes = heard(run);
  if (episodes.length === 0) return;
  yield "";
  yield `Episodes${where}`;
  yield* table([
    ["START", "END", "LENGTH", "ALERT", "VALUE", "PEAK", "SCORE", "SUBJECT"],
    ...episodes.map((episode) => [
      timeText(episode.firedAt),
      episode.endedAt === undefined ? "firing" : timeText(episode.endedAt),
      spanText(episode, end),
      episode.alertname,
      valueText(episode, episode.value),
      valueText(episode, episode.peakValue),
      episode.peakScore === undefined ? "-" : numberText(episode.peakScore),
      subjectText(episode.subject),
    ]),
  ]);
}

function* differenceLines({ end }: Backtested, { added, removed, both }: Difference, where: string): Generator<string> {
  yield "";
  yield `Difference${where}: ${added.length} more, ${removed.length} fewer, ${both.length} in both`;
  const line = (sign: string, episode: Episode, said: string): Cells => [
    sign,
    timeText(episode.firedAt),
    episode.alertname,
    said,
    subjectText(episode.subject),
  ];
  yield* table([
    ...added.map((episode) => line("+", episode, spanText(episode, end))),
    ...removed.map((episode) => line("-", episode, spanText(episode, end))),
    ...both.map(({ ours, theirs, later }) => {
      const parts = ours.length === theirs.length ? "" : `, ${ours.length} for ${theirs.length}`;
      return line("=", ours[0]!, shiftText(later) + parts);
    }),
  ]);
}

/** Rows in columns; the last one is as wide as it likes. */
function* table(rows: readonly Cells[]): Generator<string> {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  for (const row of rows) {
    yield row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  }
}
