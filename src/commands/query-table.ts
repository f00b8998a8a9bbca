import { Labels } from "../series/labels.ts";
import { epochMs, formatTime } from "../series/time.ts";
import { printable } from "../telemetry/printable.ts";
import type { ApiPoint, ApiQueryResult } from "../web/query-types.ts";

/** Columns that the names of series may take; longer ones push their value to the right. */
const WIDEST = 100;
/** Characters of one name or text. */
const LONGEST = 2_000;

/** The lines of a result for a person: a line for each series with its value, or for each series a line a step. */
export function queryTable(result: ApiQueryResult): readonly string[] {
  switch (result.resultType) {
    case "vector":
      return vectorLines(result.result.map(({ metric, value }) => [nameOf(metric), printable(value[1], LONGEST)]));
    case "matrix":
      return result.result.flatMap(({ metric, values }) => [nameOf(metric), ...values.map(pointLine)]);
    default:
      return [printable(result.result[1], LONGEST)];
  }
}

function vectorLines(rows: readonly (readonly [name: string, value: string])[]): readonly string[] {
  const width = Math.min(WIDEST, Math.max(0, ...rows.map(([name]) => name.length)));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

const pointLine = ([seconds, value]: ApiPoint): string =>
  `  ${formatTime(epochMs(Math.round(seconds * 1000)))}  ${printable(value, LONGEST)}`;

const nameOf = (metric: Readonly<Record<string, string>>): string => printable(String(Labels.of(metric)), LONGEST);
