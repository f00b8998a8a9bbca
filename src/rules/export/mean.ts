import { BLOCK_EVENTS } from "../../detectors/log-mean.ts";
import { STRONG_TIMES } from "../../detectors/mean-tests.ts";
import { type DurationMs, formatDuration, SECOND } from "../../series/time.ts";
import type { Direction } from "../types.ts";
import type { SeriesDetect } from "../watch.ts";
import { type DetectorRules, unsuspected } from "./condition.ts";
import type { Names } from "./names.ts";
import { grown, num, parens } from "./promql-text.ts";
import type { Scales } from "./scales.ts";
import type { Recording } from "./types.ts";

/** Least scale of the logarithm, a lasting shift, and how far out fires: quartiles of a window cannot tell less. */
const SCALE_FLOOR = 0.06;
const LASTING_SHIFT = 1.4;
const STRONG_Z = 4;
/** Windows from which on a test is a lasting one, in seconds. */
const LASTING = 300;
const WINDOWS = [30, LASTING];
/** The distance between the quartiles of a normal distribution. */
const QUARTILES = 1.349;

type Mean = SeriesDetect & { readonly signal: { readonly kind: "mean" } };

/** The logarithm of a mean against the median and the quartiles of its past, over a short and longer windows. */
export function meanRules(detect: Mean, names: Names, scales: Scales): DetectorRules {
  const windows = scales.windows(WINDOWS);
  const { baseline, delay, fewest } = scales;
  const y = names.series("log_mean");
  const past = `${names.series("learned_log_mean")}[${baseline}] offset ${delay}`;
  const quartile = (q: number): string => `quantile_over_time(${q}, ${past})`;
  const level = names.series("level");
  const { fire, clear } = detect;
  const part = Math.min(1, clear.score / fire.score);
  const found = (score: number, share: number, staying: boolean): string =>
    shifted(detect, names, windows, { score, share, staying });
  return {
    before: [
      ...windows.map((window) => logMean(detect, names, scales, window)),
      names.recording("observed", firstOf(names, "log_mean", windows)),
      names.recording("expected", firstOf(names, "level", windows)),
      names.recording("anomaly_score", `abs(${y} - ${level}) / ${names.series("scale")} / ${STRONG_Z}`),
    ],
    baselines: [
      names.recording("level", `${quartile(0.5)}\nand count_over_time(${past}) >= ${2 * fewest}`),
      names.recording("scale", `clamp_min((${quartile(0.75)} - ${quartile(0.25)}) / ${QUARTILES}, ${SCALE_FLOOR})`),
    ],
    parts: { fire: found(fire.score, 1, false), stay: found(clear.score, part, true) },
    after: [
      names.recording(
        "learned_log_mean",
        unsuspected(names, y, `${names.series("learned_log_mean")}[${baseline}]`, 2 * fewest),
      ),
    ],
  };
}

function logMean({ signal, fire }: Mean, names: Names, { interval }: Scales, window: DurationMs): Recording {
  const { by } = names;
  const sum = grown(signal.sum, by, window, interval);
  const count = grown(signal.count, by, window, interval);
  const minus = signal.minus.length > 0 ? grown(signal.minus, by, window, interval) : undefined;
  const events = minus === undefined ? count : `(${count} - ${minus})\nor ${count}`;
  const least = Math.max(BLOCK_EVENTS, fire.min_bad);
  const mean = `${parens(sum)} / (${parens(events)} >= ${num(least)})`;
  return names.recording("log_mean", `ln(${mean} > 0)\nand on (${by}) ${signal.sum[0]!.text.trim()}`, window);
}

/** The value of the shortest window that has one. */
const firstOf = (names: Names, what: string, windows: readonly DurationMs[]): string =>
  windows.map((window) => `exp(sum without (window) (${names.series(what, window)}))`).join("\nor ");

/** Whether the logarithm in a window lies farther from its level than so much; `before`: in the window before it. */
function farther(names: Names, window: DurationMs, direction: Direction, least: number, before = false): string {
  const earlier = before ? ` offset ${formatDuration(window)}` : "";
  const shift = `${names.series("log_mean", window)}${earlier} - ${names.series("level", window)}`;
  if (direction === "up") return `${shift} > ${num(least)}`;
  return direction === "down" ? `${shift} < -${num(least)}` : `abs(${shift}) > ${num(least)}`;
}

/**
 * Subjects with a window that lies far enough out: a short one and the one before it by more, or a long one by less while the
 * short one still does.
 * @param staying whether one short window is enough
 */
function shifted(
  { direction, fire }: Mean,
  names: Names,
  windows: readonly DurationMs[],
  { score, share, staying }: { readonly score: number; readonly share: number; readonly staying: boolean },
): string {
  const terms = windows.map((window, i) => {
    const gate = window >= LASTING * SECOND ? fire.lasting : fire;
    const times = Math.max(gate.times, i === 0 ? STRONG_TIMES : LASTING_SHIFT);
    const least = Math.log(1 + share * (times - 1));
    const far = (where: DurationMs, before?: boolean): string => farther(names, where, direction, least, before);
    const scored = (offset: string): string => `and ${names.series("anomaly_score", window)}${offset} >= ${num(score)}`;
    const y = names.series("log_mean", window);
    const gates = [`exp(${y})`, scored(""), `and ${far(window)}`];
    if (i > 0) gates.push(`and on (${names.by}) ${far(windows[0]!)}`);
    else if (!staying) gates.push(scored(` offset ${formatDuration(window)}`), `and ${far(window, true)}`);
    if (gate.above > 0) gates.push(`and ${y} > ${num(Math.log(gate.above))}`);
    return gates.join("\n  ");
  });
  const how = direction === "down" ? "min" : "max";
  return `${how} by (${names.by}) (\n  ${terms.join("\n  or ")}\n)`;
}
