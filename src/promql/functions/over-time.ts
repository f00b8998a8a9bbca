import { quantileOfSorted } from "../quantile.ts";
import { CompensatedMean, CompensatedSum } from "../sum.ts";
import { type Samples, type Window, type WindowedFunction, windowed } from "./function.ts";

// Scratch of the reducers below; each resets it before use, and no reducer calls another.
const sum = new CompensatedSum();
const mean = new CompensatedMean();
const squares = new CompensatedSum();

function sumOverTime({ values, first, end }: Samples): number {
  sum.reset();
  for (let i = first; i < end; i++) sum.add(values[i]!);
  return sum.value;
}

function avgOverTime({ values, first, end }: Samples): number {
  mean.reset();
  for (let i = first; i < end; i++) mean.add(values[i]!);
  return mean.value;
}

/** NaN only where every value is. */
function maxOverTime({ values, first, end }: Samples): number {
  let max = values[first]!;
  for (let i = first + 1; i < end; i++) if (values[i]! > max || Number.isNaN(max)) max = values[i]!;
  return max;
}

function minOverTime({ values, first, end }: Samples): number {
  let min = values[first]!;
  for (let i = first + 1; i < end; i++) if (values[i]! < min || Number.isNaN(min)) min = values[i]!;
  return min;
}

/** Population variance by Welford's recurrence, both of its sums compensated. */
function stdvarOverTime({ values, first, end }: Samples): number {
  sum.reset();
  squares.reset();
  for (let i = first; i < end; i++) {
    const value = values[i]!;
    const delta = value - sum.value;
    sum.add(delta / (i - first + 1));
    squares.add(delta * (value - sum.value));
  }
  return squares.value / (end - first);
}

const quantileOverTime = ({ values, first, end }: Samples, _: Window, q: number): number =>
  quantileOfSorted(q, values.slice(first, end).sort());

/** Functions that sum up the samples of a window. */
export const OVER_TIME: readonly WindowedFunction[] = [
  windowed("sum_over_time", sumOverTime),
  windowed("avg_over_time", avgOverTime),
  windowed("max_over_time", maxOverTime),
  windowed("min_over_time", minOverTime),
  windowed("count_over_time", ({ first, end }) => end - first),
  windowed("last_over_time", ({ values, end }) => values[end - 1]!, { keepsName: true }),
  windowed("present_over_time", () => 1),
  windowed("quantile_over_time", quantileOverTime, { params: ["scalar", "range"] }),
  windowed("stdvar_over_time", stdvarOverTime),
  windowed("stddev_over_time", (samples) => Math.sqrt(stdvarOverTime(samples))),
];
