import { SEVERITIES } from "../../../web/page/format.ts";
import { type Html, html } from "../../../web/page/html.ts";
import type { Backtested } from "../backtest.ts";
import { type Episode, isWatchdog } from "../episodes.ts";
import { percent, type TimeScale, timeAxis, timeGrid } from "./time-axis.ts";

/** Bars of one lane; more would be narrower than what can be seen. */
const MOST_BARS = 400;
/** Lanes of one overview. */
const MOST_LANES = 40;
/** Per cent of the width that a bar has at least. */
const NARROWEST = 0.35;

/** When which alert fired, a lane each; below each bar what the rules compared with did. */
export function lanes({ run, against, start, end }: Backtested): Html {
  const scale = { from: start, to: end };
  const names = [
    ...new Set([...run.episodes, ...(against?.episodes ?? [])].filter(heardOf).map((e) => e.alertname)),
  ].sort();
  const rows = names.slice(0, MOST_LANES).map((name) => {
    const named = ({ alertname }: Episode) => alertname === name;
    const ours = run.episodes.filter(named);
    const theirs = against?.episodes.filter(named);
    const severity = (ours[0] ?? theirs?.[0])?.severity;
    return html`<div><span class="dot ${known(severity)}"></span>${name}</div>
<svg class="lane" role="img" aria-label="${ours.length} episodes of ${name}">${timeGrid(scale)}<rect class="track" x="0" y="3" width="100%" height="16" rx="2"/>${bars(ours, scale, { y: 3, height: theirs ? 8 : 16, kind: known(severity) })}${theirs && bars(theirs, scale, { y: 12, height: 7, kind: "other" })}</svg>`;
  });
  const more =
    names.length > MOST_LANES && html`<p class="quiet">${names.length - MOST_LANES} more alerts have no lane here.</p>`;
  return html`<div class="rows">${rows}<div></div>${timeAxis(scale)}</div>${more}`;
}

const heardOf = (episode: Episode): boolean => !isWatchdog(episode);

/** A severity as a class of the style. */
export const known = (severity: string | undefined): string => SEVERITIES.find((one) => one === severity) ?? "warning";

interface Shape {
  readonly y: number;
  readonly height: number;
  readonly kind: string;
}

/** Spans as bars; those that would touch are one. */
function bars(episodes: readonly Episode[], scale: TimeScale, { y, height, kind }: Shape): readonly Html[] {
  const merged: { from: number; to: number }[] = [];
  const spans = episodes.map(({ firedAt, endedAt }) => {
    const from = percent(scale, firedAt);
    return { from, to: Math.max(from + NARROWEST, percent(scale, endedAt ?? scale.to)) };
  });
  for (const span of spans.sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push(span);
  }
  return merged.slice(0, MOST_BARS).map(({ from, to }) => {
    const x = Math.min(from, 100 - NARROWEST);
    return html`<rect class="bar ${kind}" x="${x}%" y="${y}" width="${rounded(Math.min(to, 100) - x)}%" height="${height}" rx="1"/>`;
  });
}

const rounded = (n: number): number => Math.round(n * 100) / 100;
