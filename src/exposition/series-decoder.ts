import parsePrometheusTextFormat from "parse-prometheus-text-format";
import { Labels, METRIC_NAME } from "../series/labels.ts";

/** A series as its line spells it: valid, its label values still escaped. */
export interface SpelledSeries {
  readonly metric: string;
  /** The label names, all different; none is `__name__`. */
  readonly names: readonly string[];
  /** What stands between the quotes, in the same order; no line feed in it. */
  readonly escaped: readonly string[];
}

/** A text longer than this in which nothing is escaped stands for itself: the library puts texts together character by character. */
const LONGEST_DECODED = 64;

/**
 * The label sets of never-seen series, in the same order, decoded by parse-prometheus-text-format in one batch (one call a
 * series costs four times as much).
 *
 * The library loses labels of histograms, merges neighbours that are equal, drops a label called `__proto__`, and accepts
 * whatever is not the format. So it gets untyped, newline-terminated lines that passed our own grammar, and names of our
 * own making: series i is called `s<i>`, its labels `l0`, `l1`, …. No text of the page can then merge two series, hide a
 * label or shift the order, and each answer is checked against what was asked.
 * @throws Error where an answer is not of the series asked for.
 */
export function decodeSeries(spelled: readonly SpelledSeries[]): Labels[] {
  if (spelled.length === 0) return [];
  const families = parsePrometheusTextFormat(spelled.map(disguise).join(""));
  return spelled.map((series, i) => {
    const [found, ...more] = families.length === spelled.length ? (families[i]?.metrics ?? []) : [];
    const labels = found?.labels ?? {};
    const asked = families[i]?.name === `s${i}` && Object.keys(labels).length === series.names.length;
    if (found === undefined || more.length > 0 || !asked) {
      throw new Error(`Cannot decode series ${JSON.stringify(series)}: the decoder answered with another`);
    }
    return Labels.from([
      [METRIC_NAME, series.metric],
      ...series.names.map((name, j) => [name, labelValue(series, labels, j)] as const),
    ]);
  });
}

function disguise(series: SpelledSeries, i: number): string {
  return `s${i}{${series.escaped.map((value, j) => `l${j}="${standsForItself(value) ? "" : value}"`).join(",")}} 0\n`;
}

function labelValue({ escaped }: SpelledSeries, labels: Readonly<Record<string, string>>, j: number): string {
  const value = labels[`l${j}`];
  if (value === undefined) throw new Error(`Cannot decode label ${j}: the decoder left it out`);
  return standsForItself(escaped[j]!) ? escaped[j]! : value;
}

const standsForItself = (escaped: string): boolean => escaped.length > LONGEST_DECODED && !escaped.includes("\\");
