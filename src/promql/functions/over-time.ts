import type { PointBuffer } from "../../series/source.ts";
import { CompensatedMean, CompensatedSum } from "../sum.ts";
import { type WindowedFunction, windowed } from "./function.ts";

// Scratch of the reducers below; each resets it before use, and no reducer calls another.
const sum = new CompensatedSum();
const mean = new CompensatedMean();
const squares = new CompensatedSum();

function sumOverTime({ values, length }: PointBuffer): number {
  sum.reset();
  for (let i = 0; i < length; i++) sum.add(values[i]!);
  return sum.value;
}

function avgOverTime({ values, length }: PointBuffer): number {
  mean.reset();
  for (let i = 0; i < length; i++) mean.add(values[i]!);
  return mean.value;
}

/** NaN only where every value is. */
function maxOverTime({ values, length }: PointBuffer): number {
  let max = values[0]!;
  for (let i = 1; i < length; i++) if (values[i]! > max || Number.isNaN(max)) max = values[i]!;
  return max;
}

function minOverTime({ values, length }: PointBuffer): number {
  let min = values[0]!;
  for (let i = 1; i < length; i++) if (values[i]! < min || Number.isNaN(min)) min = values[i]!;
  return min;
}

/** Population variance by Welford's recurrence, both of its sums compensated. */
function stdvarOverTime({ values, length }: PointBuffer): number {
  sum.reset();
  squares.reset();
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    const delta = value - sum.value;
    sum.add(delta / (i + 1));
    squares.add(delta * (value - sum.value));
  }
  return squares.value / length;
}

/** Functions that sum up the samples of a window. */
export const OVER_TIME: readonly WindowedFunction[] = [
  windowed("sum_over_time", sumOverTime),
  windowed("avg_over_time", avgOverTime),
  windowed("max_over_time", maxOverTime),
  windowed("min_over_time", minOverTime),
  windowed("count_over_time", (points) => points.length),
  windowed("last_over_time", (points) => points.values[points.length - 1]!, true),
  windowed("present_over_time", () => 1),
  windowed("stdvar_over_time", stdvarOverTime),
  windowed("stddev_over_time", (points) => Math.sqrt(stdvarOverTime(points))),
];
