import { quantity } from "../../../rules/evidence.ts";
import { Html, html } from "../../../web/page/html.ts";
import type { Backtested } from "../backtest.ts";
import type { Episode } from "../episodes.ts";
import type { SubjectTrack } from "../tracks.ts";
import { numberText, subjectText } from "../wording.ts";
import { known } from "./lanes.ts";
import { areas, type Columns, columnsOf, lines, type Scale } from "./paths.ts";
import { percent, timeAxis, timeGrid } from "./time-axis.ts";

/** What one chart shows. */
export interface Subject {
  readonly ours: SubjectTrack | undefined;
  readonly theirs: SubjectTrack | undefined;
  readonly episodes: readonly Episode[];
  readonly theirEpisodes: readonly Episode[];
}

/** Height of the values above the strip that shows episodes, in pixels. */
const PLOT = 132;
/** Air below the lowest value, where the label of its line finds a place. */
const AIR = 0.1;

/**
 * A subject over time: what was seen within what was expected, and when that was an alert.
 * @param against what people call the rules compared with
 */
export function chart(
  { ours, theirs, episodes, theirEpisodes }: Subject,
  { start, end }: Backtested,
  against: string | undefined,
): Html {
  const { alertname, subject, unit, track } = (ours ?? theirs)!;
  const columns = columnsOf(track);
  const others = ours && theirs && differs(theirs, ours) ? columnsOf(theirs.track) : undefined;
  const first = episodes[0] ?? theirEpisodes[0];
  const time = { from: start, to: end };
  const [top, foot] = [topOf(columns), bottomOf(columns)];
  const scale: Scale = { top, bottom: foot - AIR * (top - foot), span: end - start, width: columns.width };
  const spanRect = (episode: Episode, kind: string, y: number, height: number | string): Html => {
    const x = Math.min(99.7, percent(time, episode.firedAt));
    const to = percent(time, episode.endedAt ?? end);
    return html`<rect class="${kind}" x="${x}%" y="${y}" width="${Math.max(0.3, Math.round((to - x) * 100) / 100)}%" height="${height}"/>`;
  };
  return html`<figure class="card">
<figcaption class="head"><h3><span class="dot ${known(first?.severity)}"></span>${alertname}</h3><span class="labels">${subjectText(subject)}</span><span class="quiet">${counted(episodes, theirEpisodes, against)}</span></figcaption>
<svg class="plot" role="img" aria-label="${alertname}: what was seen of ${subjectText(subject)}, and what was expected">
${timeGrid(time)}${episodes.map((one) => spanRect(one, "episode", 0, PLOT))}
<svg width="100%" height="${PLOT}" viewBox="0 0 1000 100" preserveAspectRatio="none">
<path class="band" d="${path(areas(columns.lower, columns.upper, scale))}"/><path class="expected" d="${path(lines(columns.expected, scale))}"/>
${others && theirBand(others, scale)}
<path class="spread" d="${path(areas(columns.least, columns.most, scale))}"/><path class="scrapes" d="${path(lines(columns.most, scale))}"/>
<path class="seen" d="${path(lines(columns.judged, scale))}"/>
</svg>
${valueAxis(scale, unit)}
${episodes.map((one) => spanRect(one, `bar ${known(one.severity)}`, PLOT + 4, 6))}${theirEpisodes.map((one) => spanRect(one, "bar other", PLOT + 12, 5))}
</svg>${timeAxis(time)}
</figure>`;
}

/** A path as it is: numbers and letters of ours, and longer than a text may be. */
const path = (d: string): Html => new Html(d);

function theirBand({ lower, upper, width }: Columns, scale: Scale): Html {
  const own = { ...scale, width };
  return html`<path class="theirs" d="${path(lines(upper, own) + lines(lower, own))}"/>`;
}

function counted(ours: readonly Episode[], theirs: readonly Episode[], against: string | undefined): string {
  const score = Math.max(0, ...ours.map(({ peakScore }) => peakScore ?? 0));
  const said = `${ours.length} ${ours.length === 1 ? "episode" : "episodes"}${score > 0 ? `, score up to ${numberText(score)}` : ""}`;
  return against === undefined ? said : `${said}; ${theirs.length} under ${against}`;
}

/** Whether another rule set has another band: where it is the same one line would hide the other. */
function differs(a: SubjectTrack, b: SubjectTrack): boolean {
  const [x, y] = [a.track.column("upper"), b.track.column("upper")];
  return x.some((value, i) => !Object.is(value, y[i]));
}

/** The least that is no smaller than all that is seen, with some air. Bands that are never left by far do not flatten what is seen. */
function topOf({ most, judged, upper, expected }: Columns): number {
  const seen = Math.max(greatest(most), greatest(judged), greatest(expected));
  const top = Math.max(seen, Math.min(greatest(upper), 1.5 * seen));
  return top > 0 ? top * 1.08 : Math.max(greatest(upper), Number.MIN_VALUE, greatest(upper) === 0 ? 1 : 0);
}

/** Zero, unless something is below. */
const bottomOf = ({ least, lower }: Columns): number =>
  Math.min(0, -greatest(least.map(minus)), -greatest(lower.map(minus)));

const minus = (value: number): number => -value;

function greatest(column: Float32Array): number {
  let greatest = 0;
  for (const value of column) if (Number.isFinite(value) && value > greatest) greatest = value;
  return greatest;
}

/** Values above their lines, the lowest below its own, for values often run along it: few that people read easily. */
function valueAxis({ top, bottom }: Scale, unit: string): readonly Html[] {
  const rough = (top - bottom) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const distance = [1, 2, 5, 10].map((n) => n * power).find((one) => one >= rough * 0.75) ?? rough;
  const ticks: Html[] = [];
  const lowest = Math.ceil(bottom / distance) * distance;
  for (let value = lowest; value <= top; value += distance) {
    const y = Math.round((1 - (value - bottom) / (top - bottom)) * PLOT * 10) / 10;
    ticks.push(
      html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/><text class="y" x="2" y="${value === lowest ? y + 11 : Math.max(10, y - 3)}">${quantity(unit, Number(value.toPrecision(6)) + 0)}</text>`,
    );
  }
  return ticks;
}
