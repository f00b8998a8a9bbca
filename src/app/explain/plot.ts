import { quantity } from "../../rules/evidence.ts";
import { durationMs, type EpochMs, formatDuration } from "../../series/time.ts";
import type { ExplainedPoint } from "./explained.ts";
import { wrapped } from "./wrapped.ts";

/** Lines of the plot itself. */
const HEIGHT = 12;
/** Columns of the names at the axis, and of the axis. */
const NAMES = 10;
const AXIS = 2;

/** How a terminal is drawn on. */
export interface Terminal {
  readonly columns: number;
  /** Nothing but ASCII. */
  readonly ascii: boolean;
  readonly colour: boolean;
}

/** What a cell of the plot shows; each has its glyph. */
type Cell = "nothing" | "band" | "inside" | "outside";

const GLYPHS = {
  unicode: { nothing: " ", band: "░", inside: "●", outside: "◆", axis: "┤", corner: "└", line: "─", mark: "▲" },
  ascii: { nothing: " ", band: ".", inside: "o", outside: "X", axis: "|", corner: "+", line: "-", mark: "^" },
} as const;

const FAINT = "\u001b[2m";
const RED = "\u001b[1;31m";
const PLAIN = "\u001b[0m";

/** Readings a terminal has columns for. */
export const columnsFor = ({ columns }: Terminal): number => Math.max(10, columns - NAMES - AXIS);

/**
 * The band and the value of some readings, a column each, the newest on the right, with the moment in question marked. The
 * scale ends a little above the highest value and the band of that moment; what of the band is higher is not drawn.
 */
export function plot(points: readonly ExplainedPoint[], at: EpochMs, unit: string, terminal: Terminal): string[] {
  const glyphs = GLYPHS[terminal.ascii ? "ascii" : "unicode"];
  const { top, bottom } = scaleOf(points, at, unit);
  const rowOf = (value: number): number =>
    Math.min(HEIGHT - 1, Math.max(0, Math.floor(((value - bottom) / (top - bottom)) * HEIGHT)));
  const columns = points.map((point) => columnOf(point, rowOf, bottom));
  const paint = (cell: Cell): string => {
    if (!terminal.colour || cell === "nothing" || cell === "inside") return glyphs[cell];
    return `${cell === "band" ? FAINT : RED}${glyphs[cell]}${PLAIN}`;
  };
  const lines: string[] = [];
  for (let row = HEIGHT - 1; row >= 0; row--) {
    const name = row === HEIGHT - 1 ? top : row === 0 ? bottom : row === HEIGHT / 2 ? (top + bottom) / 2 : undefined;
    const text = name === undefined ? "" : quantity(unit, Number(name.toPrecision(3)));
    const cells = columns.map((column) => paint(column[row]!)).join("");
    lines.push(`${text.padStart(NAMES)} ${glyphs.axis}${cells}`.trimEnd());
  }
  const marked = points.findLastIndex((point) => point.at <= at);
  const line = points.map((_, i) => (i === marked ? glyphs.mark : glyphs.line)).join("");
  lines.push(`${" ".repeat(NAMES)} ${glyphs.corner}${line}`);
  const first = points[0]?.at ?? at;
  const span = formatDuration(durationMs(Math.round(((points.at(-1)?.at ?? at) - first) / 1000) * 1000));
  const legend = [
    `${glyphs.band} band`,
    `${glyphs.inside} value`,
    `${glyphs.outside} anomalous`,
    `${glyphs.mark} the moment`,
  ];
  const names = wrapped([...legend, `(${span})`].join("  "), columnsFor(terminal));
  return [...lines, ...names.map((text) => `${" ".repeat(NAMES + AXIS)}${text}`)];
}

/** The values at the ends of the scale. */
function scaleOf(
  points: readonly ExplainedPoint[],
  at: EpochMs,
  unit: string,
): { readonly top: number; readonly bottom: number } {
  const values = points.flatMap(({ observed, expected }) => [observed, expected]).filter(isNumber);
  const then = points.findLast((point) => point.at <= at);
  const high = Math.max(0, ...values, ...[then?.upper].filter(isNumber));
  const low = Math.min(0, ...values);
  const top = high > low ? low + (high - low) * 1.05 : low + 1;
  // No ratio is more than all.
  return { top: unit === "ratio" ? Math.min(1, top) : top, bottom: low };
}

/** The cells of one reading, from the bottom up. */
function columnOf(point: ExplainedPoint, rowOf: (value: number) => number, bottom: number): readonly Cell[] {
  const { observed, lower, upper, score, state } = point;
  const cells: Cell[] = Array.from({ length: HEIGHT }, () => "nothing");
  if (isNumber(upper)) {
    for (let row = rowOf(lower ?? bottom); row <= rowOf(upper); row++) cells[row] = "band";
  }
  if (isNumber(observed)) cells[rowOf(observed)] = score >= 1 || state === "anomalous" ? "outside" : "inside";
  return cells;
}

const isNumber = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);
