import type { SeriesDetect } from "../watch.ts";
import { together } from "./promql-text.ts";

type Level = Extract<SeriesDetect["signal"], { readonly kind: "level" }>;

/** Gauges as they are, or as a part of what bounds them; a bound of 0 is a gauge not filled yet. */
export function levelOf({ value, of }: Level, by: string): string {
  const sum = (selectors: Level["value"]): string => `sum by (${by}) (${together(selectors, (text) => text)})`;
  return of.length === 0 ? sum(value) : `${sum(value)} / (${sum(of)} > 0)`;
}
