import { DAY, type EpochMs, epochMs, formatTime, HOUR, MINUTE, SECOND } from "../../../series/time.ts";
import { type Html, html } from "../../../web/page/html.ts";

/** A span of time as the width of a chart. */
export interface TimeScale {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Distances of ticks that people read easily. */
const DISTANCES = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 28, 91, 364].map((n) => n * DAY),
];
const MOST_TICKS = 8;
/** Ticks nearer to an end than this part of the width would hang over. */
const MARGIN = 4;

/** Where an instant is, in per cent of the width; 0 to 100. */
export function percent({ from, to }: TimeScale, at: number): number {
  if (to <= from) return 0;
  return Math.round(Math.min(1, Math.max(0, (at - from) / (to - from))) * 10_000) / 100;
}

/** Instants to mark. */
function ticksOf({ from, to }: TimeScale): readonly EpochMs[] {
  const distance = DISTANCES.find((one) => (to - from) / one <= MOST_TICKS) ?? 364 * DAY;
  const ticks: EpochMs[] = [];
  for (let at = Math.ceil(from / distance) * distance; at <= to; at += distance) ticks.push(epochMs(at));
  return ticks;
}

/** The times under charts; on narrow screens every second one. */
export function timeAxis(scale: TimeScale): Html {
  const labels = ticksOf(scale).flatMap((at, i) => {
    const x = percent(scale, at);
    if (x < MARGIN || x > 100 - MARGIN) return [];
    return [
      html`<text class="${i % 2 === 1 ? "sparse" : ""}" x="${x}%" y="14" text-anchor="middle">${label(at, scale)}</text>`,
    ];
  });
  return html`<svg class="axis" aria-hidden="true">${labels}</svg>`;
}

/** The lines that go up from the times. */
export const timeGrid = (scale: TimeScale): readonly Html[] =>
  ticksOf(scale).map((at) => {
    const x = percent(scale, at);
    return html`<line class="grid" x1="${x}%" x2="${x}%" y1="0" y2="100%"/>`;
  });

/** As much of an instant as the span asks for. */
function label(at: EpochMs, { from, to }: TimeScale): string {
  const text = formatTime(at);
  if (to - from > 6 * DAY) return text.slice(5, 10);
  if (at % DAY === 0 && to - from > 12 * HOUR) return text.slice(5, 10);
  return to - from < 5 * MINUTE ? text.slice(11, 19) : text.slice(11, 16);
}
