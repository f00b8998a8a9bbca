import { Labels } from "../../../series/labels.ts";
import { UserMistake } from "../../user-mistake.ts";
import { isObject } from "./api.ts";

/** Instants of a range query: equal steps from a start on. */
export interface Steps {
  /** Milliseconds since 1970, as are all of them. */
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** One series of an answer. */
export interface Row {
  readonly labels: Labels;
  /** By step; where `there` is 0 it means nothing. */
  readonly values: Float64Array;
  readonly there: Uint8Array;
}

/** Points that the rows of one answer have room for, some 72 MB; an answer is asked for so that it has far fewer. */
const MOST_ROOM = 8_000_000;
/** What a row costs besides its points, in points: labels and two arrays. */
const ROW = 40;

/**
 * Reads the answer of `query_range`.
 * @returns undefined where there are more series than have room at so many steps
 * @throws UserMistake where it is none
 */
export function readMatrix(data: unknown, steps: Steps): readonly Row[] | undefined {
  const result = isObject(data) && data["resultType"] === "matrix" ? data["result"] : undefined;
  if (!Array.isArray(result)) throw noAnswer();
  if (result.length * (steps.count + ROW) > MOST_ROOM) return undefined;
  return result.map((one: unknown): Row => {
    if (!isObject(one) || !Array.isArray(one["values"])) throw noAnswer();
    const row = {
      labels: readLabels(one["metric"]),
      values: new Float64Array(steps.count),
      there: new Uint8Array(steps.count),
    };
    for (const point of one["values"] as readonly unknown[]) put(row, point, steps);
    return row;
  });
}

function put({ values, there }: Row, point: unknown, { start, step, count }: Steps): void {
  if (!Array.isArray(point) || typeof point[0] !== "number" || typeof point[1] !== "string") throw noAnswer();
  // Some servers move the steps of a range to multiples of the step: the nearest one is meant.
  const i = Math.round((point[0] * 1000 - start) / step);
  if (i < 0 || i >= count) return;
  values[i] = numberOf(point[1]);
  there[i] = 1;
}

/** A sample's value as the API writes it. */
function numberOf(text: string): number {
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  return text === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text);
}

/** The labels of a series. @throws UserMistake where they are none */
export function readLabels(metric: unknown): Labels {
  if (!isObject(metric)) throw noAnswer();
  const pairs = Object.entries(metric);
  if (!pairs.every((pair): pair is [string, string] => typeof pair[1] === "string")) throw noAnswer();
  return Labels.from(pairs);
}

const noAnswer = (): UserMistake =>
  new UserMistake("Cannot read history: expected an answer of Prometheus' HTTP API, found something else");
