import { metricNameOf } from "../../series/matchers.ts";
import { type DurationMs, formatDuration } from "../../series/time.ts";
import type { Selector } from "../types.ts";

/** A number as PromQL reads it, to six digits. */
export const num = (value: number): string => String(Number(value.toPrecision(6)));

/** A string as PromQL reads it. */
export const quoted = (value: string): string => JSON.stringify(value);

/** Lines of an expression moved to the right. */
const indented = (expr: string): string => expr.replaceAll(/^(?=.)/gm, "  ");

export const parens = (expr: string): string => `(\n${indented(expr)}\n)`;

/** A selector of targets by their jobs: `up{job="triton"}`. */
export function ofJobs(name: string, jobs: readonly string[]): string {
  return `${name}{${jobMatcher(jobs)}}`;
}

export function jobMatcher(jobs: readonly string[]): string {
  const [only = "", ...others] = jobs;
  if (others.length === 0) return `job=${quoted(only)}`;
  return `job=~${quoted(jobs.map((job) => job.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`)).join("|"))}`;
}

/** A selector that allows several metric names: their counters cannot be told apart once their increase is taken. */
export const namesSeveral = ({ matchers }: Selector): boolean => metricNameOf(matchers) === undefined;

/**
 * The series of several selectors together, each through a function that drops its name. Selectors of one metric may overlap, so
 * they are united; those of different metrics are told apart by a label that the sum around them drops.
 */
export function together(selectors: readonly Selector[], take: (selector: string) => string): string {
  const byName = new Map<string, string[]>();
  for (const { text, matchers } of selectors) {
    const name = metricNameOf(matchers) ?? "";
    byName.set(name, [...(byName.get(name) ?? []), take(text.trim())]);
  }
  const parts = [...byName.values()].map((taken) => taken.join(" or "));
  if (parts.length === 1) return parts[0]!;
  return parts.map((part, i) => `label_replace(${part}, "__part", "${i}", "", "")`).join("\n  or ");
}

/** How much counters grew in a window, summed by labels. `increase` stretches what it saw to the window; that is taken back. */
export function grown(selectors: readonly Selector[], by: string, window: DurationMs, interval: DurationMs): string {
  const range = formatDuration(window);
  const sum = `sum by (${by}) (${together(selectors, (text) => `increase(${text}[${range}])`)})`;
  return `${num((window - interval) / window)} * ${sum}`;
}
