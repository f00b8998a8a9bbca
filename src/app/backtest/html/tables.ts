import type { EpochMs } from "../../../series/time.ts";
import { type Html, html } from "../../../web/page/html.ts";
import type { Backtested } from "../backtest.ts";
import type { Difference } from "../difference.ts";
import type { Episode } from "../episodes.ts";
import { comparedTotals, heard, type Report } from "../report.ts";
import type { RuleTotal } from "../totals.ts";
import { lengthText, numberText, shiftText, spanText, subjectText, timeText, valueText } from "../wording.ts";
import { known } from "./lanes.ts";

/** Rows of one table. */
const MOST_ROWS = 500;

/** What each alert came to; small and apart what it came to under the rules compared with. */
export function totalTable(report: Report): Html {
  const totals = comparedTotals(report);
  if (totals.length === 0) return html`<p class="card">No alert fired.</p>`;
  const compared = report.against !== undefined;
  const rows = totals.map(({ alertname, ours, theirs }) => {
    const cell = (name: string, of: (total: RuleTotal | undefined) => string) => {
      const other = compared && html` <span class="other">(${of(theirs)})</span>`;
      return html`<td class="n" data-name="${name}"><span>${of(ours)}${other}</span></td>`;
    };
    const cells = [
      cell("episodes", (total) => String(total?.episodes ?? 0)),
      cell("subjects", (total) => String(total?.subjects ?? 0)),
      cell("in alarm", (total) => (total ? lengthText(total.inAlarm) : "–")),
      cell("longest", (total) => (total ? lengthText(total.longest) : "–")),
    ];
    return html`<tr><th scope="row"><span><span class="dot ${known((ours ?? theirs)?.severity)}"></span>${alertname}</span></th>${cells}</tr>`;
  });
  const said = compared && html`<p class="quiet">In brackets: <span class="other">${report.against}</span></p>`;
  return html`${said}<div class="card wide"><table class="short"><thead><tr><th>alert</th><th class="n">episodes</th><th class="n">subjects</th><th class="n">in alarm</th><th class="n">longest</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Every episode, as long as there are not too many. */
export function episodeTable({ run, end }: Backtested): Html {
  const episodes = heard(run);
  if (episodes.length === 0) return html`<p class="card">No alert fired.</p>`;
  const rows = episodes.slice(0, MOST_ROWS).map((episode) => {
    const { alertname, firedAt, endedAt, value, peakValue, peakScore, summary, severity } = episode;
    return html`<tr><th scope="row" data-name="alert"><span><span class="dot ${known(severity)}"></span>${alertname}</span></th><td class="t" data-name="start">${timeText(firedAt)}</td><td class="t" data-name="end">${endedAt === undefined ? "still firing" : timeText(endedAt)}</td><td class="n" data-name="length">${spanText(episode, end)}</td><td class="n" data-name="value">${valueText(episode, value)}</td><td class="n" data-name="peak">${valueText(episode, peakValue)}</td><td class="n" data-name="score">${peakScore !== undefined && numberText(peakScore)}</td><td data-name="what"><bdi>${summary === "" ? subjectText(episode.subject) : summary}</bdi></td></tr>`;
  });
  return html`<div class="card wide"><table><thead><tr><th>alert</th><th>start</th><th>end</th><th class="n">length</th><th class="n">value</th><th class="n">peak</th><th class="n">score</th><th>what</th></tr></thead><tbody>${rows}</tbody></table></div>${left(episodes.length)}`;
}

/** What fires under one set of rules alone, and what under both. */
export function differenceTable({ added, removed, both }: Difference, end: EpochMs): Html {
  const row = (sign: string, kind: string, episode: Episode, said: string): Html =>
    html`<tr><td data-name="where"><span class="sign ${kind}">${sign}</span></td><th scope="row" data-name="alert">${episode.alertname}</th><td class="t" data-name="start">${timeText(episode.firedAt)}</td><td data-name="how">${said}</td><td data-name="what"><bdi>${subjectText(episode.subject)}</bdi></td></tr>`;
  const rows = [
    ...added.map((episode) => row("+ only here", "added", episode, spanText(episode, end))),
    ...removed.map((episode) => row("− only there", "removed", episode, spanText(episode, end))),
    ...both.map(({ ours, theirs, later }) => {
      const parts = ours.length === theirs.length ? "" : `, ${ours.length} for ${theirs.length}`;
      return row("= both", "both", ours[0]!, shiftText(later) + parts);
    }),
  ];
  if (rows.length === 0) return html`<p class="card">No alert fired under either.</p>`;
  return html`<div class="card wide"><table><thead><tr><th>where</th><th>alert</th><th>start</th><th>how</th><th>what</th></tr></thead><tbody>${rows.slice(0, MOST_ROWS)}</tbody></table></div>${left(rows.length)}`;
}

const left = (count: number): Html | false =>
  count > MOST_ROWS &&
  html`<p class="quiet">${count - MOST_ROWS} more are not shown here; --format json has them all.</p>`;
