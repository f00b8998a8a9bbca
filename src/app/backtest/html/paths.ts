import { louder, type Track } from "../track.ts";

/** Slots that are drawn, at most: two screens full. */
const MOST_DRAWN = 512;

/** The columns of a track, few enough to be drawn. */
export interface Columns {
  readonly least: Float32Array;
  readonly most: Float32Array;
  /** What the detector judged, and the band of the same test. */
  readonly judged: Float32Array;
  readonly expected: Float32Array;
  readonly lower: Float32Array;
  readonly upper: Float32Array;
  /** Milliseconds that one slot spans. */
  readonly width: number;
}

/** How values and slots become points of a square of 1000 by 100. */
export interface Scale {
  readonly top: number;
  readonly bottom: number;
  /** Milliseconds from side to side, and those of one slot. */
  readonly span: number;
  readonly width: number;
}

/** A track as it is drawn: two slots are one where there are too many, with the least and the most of both, and the louder of them. */
export function columnsOf(track: Track): Columns {
  const score = track.column("score");
  const thinned = score.length > MOST_DRAWN;
  const thin = (
    field: Exclude<keyof Columns, "width">,
    join: (column: Float32Array, a: number, b: number) => number,
  ) => {
    const column = track.column(field);
    if (!thinned) return column;
    return Float32Array.from({ length: Math.ceil(column.length / 2) }, (_, i) =>
      2 * i + 1 < column.length ? join(column, 2 * i, 2 * i + 1) : column[2 * i]!,
    );
  };
  const loudest = (column: Float32Array, a: number, b: number): number => column[louder(score, a, b)]!;
  return {
    width: thinned ? 2 * track.width : track.width,
    least: thin("least", (column, a, b) => known(column[a]!, column[b]!, Math.min)),
    most: thin("most", (column, a, b) => known(column[a]!, column[b]!, Math.max)),
    judged: thin("judged", loudest),
    expected: thin("expected", loudest),
    lower: thin("lower", loudest),
    upper: thin("upper", loudest),
  };
}

const known = (a: number, b: number, join: (a: number, b: number) => number): number => {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : join(a, b);
};

/** A line through the middles of slots; it breaks where nothing is known for long. */
export function lines(column: Float32Array, scale: Scale): string {
  const place = placing(scale);
  let path = "";
  for (const run of runsOf((i) => Number.isFinite(column[i]!), column.length)) {
    const points = run.map((i) => `${place.x(i)} ${place.y(column[i]!)}`);
    // A point by itself is a short line, or it would not be seen.
    path += points.length === 1 ? `M${points[0]}h1` : `M${points.join("L")}`;
  }
  return path;
}

/** The areas between two columns. Where one is not known it is the edge of the chart. */
export function areas(low: Float32Array, high: Float32Array, scale: Scale): string {
  const place = placing(scale);
  const bottom = (i: number) => place.y(Number.isFinite(low[i]!) ? low[i]! : scale.bottom);
  const top = (i: number) => place.y(Number.isFinite(high[i]!) ? high[i]! : scale.top);
  let path = "";
  for (const run of runsOf((i) => Number.isFinite(low[i]!) || Number.isFinite(high[i]!), low.length)) {
    const up = run.map((i) => `${place.x(i)} ${top(i)}`);
    const down = [...run].reverse().map((i) => `${place.x(i)} ${bottom(i)}`);
    path += `M${[...up, ...down].join("L")}Z`;
  }
  return path;
}

function placing({ top, bottom, span, width }: Scale) {
  const rounded = (n: number): number => Math.round(n * 10) / 10;
  return {
    x: (i: number) => rounded(Math.min(1, ((i + 0.5) * width) / Math.max(1, span)) * 1000),
    y: (value: number) => rounded((1 - Math.min(1, Math.max(0, (value - bottom) / (top - bottom)))) * 100),
  };
}

/** Runs of slots for which something holds; a gap of up to two slots does not part them. */
function runsOf(holds: (i: number) => boolean, length: number): readonly (readonly number[])[] {
  const runs: number[][] = [];
  for (let i = 0; i < length; i++) {
    if (!holds(i)) continue;
    const last = runs.at(-1);
    if (last && i - last.at(-1)! <= 3) last.push(i);
    else runs.push([i]);
  }
  return runs;
}
