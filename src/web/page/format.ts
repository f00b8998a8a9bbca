import { printable } from "../../telemetry/printable.ts";
import type { ApiAlert } from "../api-types.ts";
import { type Html, html } from "./html.ts";

export const SEVERITIES = ["critical", "warning", "info", "none"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** How grave an alert is; what says nothing else, or something unknown, is a warning. */
export function severityOf({ labels }: Pick<ApiAlert, "labels">): Severity {
  const written = labels["severity"];
  return SEVERITIES.find((severity) => severity === written) ?? "warning";
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
] as const;

/** How long ago, in its two largest units: "2h 5m". */
export function age(at: string, now: string): string {
  let rest = Math.max(0, Math.floor((Date.parse(now) - Date.parse(at)) / 1000));
  const words: string[] = [];
  for (const [unit, seconds] of UNITS) {
    const n = Math.floor(rest / seconds);
    rest -= n * seconds;
    if (n > 0 || (unit === "s" && words.length === 0)) words.push(`${n}${unit}`);
    if (words.length === 2) break;
  }
  return words.join(" ");
}

/** An instant as people want it, how long ago, with the instant itself for those who point at it. */
export const since = (at: string, now: string): Html =>
  html`<time datetime="${at}" title="${at}">${age(at, now)}</time>`;

/** The time of day of an instant, in UTC, with all of it for those who point at it. */
export const clockTime = (at: string): Html => html`<time datetime="${at}" title="${at}">${at.slice(11, 19)}</time>`;

/** Text of others of which a glimpse will do. */
export const short = (text: string, max = 200): string => printable(text, max);

/** Bytes in the largest binary unit that leaves a number above 1. */
export function bytes(n: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, n < 1 ? 0 : Math.floor(Math.log2(n) / 10));
  return `${Number((n / 2 ** (10 * power)).toPrecision(3))} ${units[power]}`;
}
