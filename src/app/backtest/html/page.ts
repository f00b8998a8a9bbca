import { createHash } from "node:crypto";
import { durationMs, epochMs } from "../../../series/time.ts";
import { type Html, html, Html as Raw } from "../../../web/page/html.ts";
import type { Backtested } from "../backtest.ts";
import { type Episode, isWatchdog } from "../episodes.ts";
import { comparedTotals, heard, type Report } from "../report.ts";
import { lengthText, timeText } from "../wording.ts";
import { chart, type Subject } from "./chart.ts";
import { lanes } from "./lanes.ts";
import { STYLE } from "./style.ts";
import { differenceTable, episodeTable, totalTable } from "./tables.ts";

/** Charts of one history: each is some 20 kB. */
const MOST_CHARTS = 60;

/**
 * A report as one page that needs nothing else: no script, no address, and a policy that forbids both. Its size is bounded
 * however long the history is.
 */
export function reportPage(report: Report): string {
  const hash = createHash("sha256").update(STYLE).digest("base64");
  const title = `Backtest: ${report.rules}${report.against === undefined ? "" : ` against ${report.against}`}`;
  return html`${new Raw("<!doctype html>")}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${new Raw(hash)}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${new Raw(STYLE)}</style>
</head>
<body>
<main>
<h1>Backtest</h1>
<p class="quiet">Rules: ${report.rules}${report.against !== undefined && html`, against ${report.against}`}</p>
${report.interrupted && html`<p class="bad">Ended before its time: this is about the part that was read.</p>`}
${tiles(report)}
<h2>Alerts</h2>
${totalTable(report)}
${report.histories.map((history) => historySection(history, report))}
</main>
</body>
</html>
`.text;
}

function tiles(report: Report): Html {
  const { histories } = report;
  const episodes = histories.flatMap(({ run }) => heard(run));
  const added = histories.flatMap(({ difference }) => difference?.added ?? []);
  const removed = histories.flatMap(({ difference }) => difference?.removed ?? []);
  const length = histories.reduce((sum, { start, end }) => sum + end - start, 0);
  const scrapes = histories.reduce((sum, one) => sum + one.scrapes, 0);
  const failed = histories.reduce((sum, one) => sum + one.failedScrapes, 0);
  const alerts = comparedTotals(report).filter(({ ours }) => ours && !isWatchdog(ours)).length;
  const tile = (value: string | number, said: string): Html =>
    html`<div class="tile"><b>${value}</b><span>${said}</span></div>`;
  const many = (n: number, one: string, several: string) => (n === 1 ? one : several);
  return html`<div class="tiles">
${tile(lengthText(durationMs(length)), "of history")}
${tile(scrapes, `scrapes, ${failed} failed`)}
${tile(episodes.length, `${many(episodes.length, "episode", "episodes")} of ${alerts} ${many(alerts, "alert", "alerts")}`)}
${report.against !== undefined && [tile(`+${added.length}`, "episodes more"), tile(`−${removed.length}`, "episodes fewer")]}
</div>`;
}

function historySection(history: Backtested, { against }: Report): Html {
  const { name, start, end, spacing, notes, run, difference } = history;
  const problems = [...run.problems, ...(history.against?.problems ?? [])];
  const { shown, left, unseen } = chartsOf(history);
  return html`<h2>${name}</h2>
<p class="quiet">${timeText(start)} to ${timeText(end)} (${lengthText(durationMs(end - start))}), scraped every ${lengthText(durationMs(spacing))}. Times are in UTC.</p>
${notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${problems.length > 0 && html`<ul class="notes bad">${problems.map((problem) => html`<li>${problem}</li>`)}</ul>`}
<h2>When what fired</h2>
<div class="card">${key(against)}${lanes(history)}</div>
${difference && [html`<h2>Difference</h2>`, differenceTable(difference, epochMs(end))]}
${shown.length > 0 && [html`<h2>What was seen, and what was expected</h2>`, chartKey(against), shown.map((one) => chart(one, history, against))]}
${left > 0 && html`<p class="quiet">${left} more subjects had episodes and have no chart here.</p>`}
${unseen > 0 && html`<p class="quiet">${unseen} subjects came when there was no room for further charts.</p>`}
<h2>Episodes</h2>
${episodeTable(history)}`;
}

/** The subjects with episodes, in the order of the first of them, and how many have no place. */
function chartsOf({ run, against }: Backtested) {
  const subjects = new Map<string, { -readonly [K in keyof Subject]: Subject[K] }>();
  const about = (alertname: string, own: Episode["subject"], episode: Episode) =>
    episode.alertname === alertname && episode.subject.pairs.every(([label, value]) => own.get(label) === value);
  for (const [side, { tracks, episodes }] of [run, ...(against ? [against] : [])].entries()) {
    for (const track of tracks) {
      const { alertname, subject } = track;
      const own = episodes.filter((episode) => about(alertname, subject, episode));
      const id = `${alertname} ${subject.key}`;
      const known = subjects.get(id) ?? { ours: undefined, theirs: undefined, episodes: [], theirEpisodes: [] };
      subjects.set(id, known);
      if (side === 0) Object.assign(known, { ours: track, episodes: own });
      else Object.assign(known, { theirs: track, theirEpisodes: own });
    }
  }
  const first = ({ episodes, theirEpisodes }: Subject): number =>
    Math.min(...[...episodes, ...theirEpisodes].map(({ firedAt }) => firedAt));
  const fired = [...subjects.values()].filter(
    ({ episodes, theirEpisodes }) => episodes.length + theirEpisodes.length > 0,
  );
  fired.sort((a, b) => first(a) - first(b));
  const unseen = Math.max(run.leftOut, against?.leftOut ?? 0);
  return { shown: fired.slice(0, MOST_CHARTS), left: Math.max(0, fired.length - MOST_CHARTS), unseen };
}

const swatch = (shape: Html): Html => html`<svg aria-hidden="true">${shape}</svg>`;

const key = (against: string | undefined): Html | undefined =>
  against === undefined
    ? undefined
    : html`<p class="key"><span>${swatch(html`<rect class="bar warning" width="26" height="6" y="3"/>`)}these rules</span><span>${swatch(html`<rect class="bar other" width="26" height="6" y="3"/>`)}${against}</span></p>`;

const chartKey = (against: string | undefined): Html => html`<p class="key">
<span>${swatch(html`<path class="seen" d="M0 6H26"/>`)}what the loudest test saw</span>
<span>${swatch(html`<path class="scrapes" d="M0 6H26"/>`)}single scrapes</span>
<span>${swatch(html`<rect class="band" width="26" height="12"/>`)}would not have fired that test</span>
<span>${swatch(html`<path class="expected" d="M0 6H26"/>`)}expected</span>
${against !== undefined && html`<span>${swatch(html`<path class="theirs" d="M0 6H26"/>`)}band of ${against}</span>`}
<span>${swatch(html`<rect class="episode" width="26" height="12"/><rect class="bar" width="26" height="4" y="8"/>`)}alert</span>
</p>`;
