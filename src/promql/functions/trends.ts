import { CompensatedSum } from "../sum.ts";
import { type Samples, type Window, type WindowedFunction, windowed } from "./function.ts";

// Scratch of the regression, reset before each.
const xs = new CompensatedSum();
const ys = new CompensatedSum();
const products = new CompensatedSum();
const squares = new CompensatedSum();
const line = { slope: 0, intercept: 0 };

/**
 * The line of least squares through two samples or more: slope per second, and value at the time `origin` (ms).
 * Source: linearRegression in prometheus/prometheus, promql/functions.go.
 */
function regression({ times, values, first, end }: Samples, origin: number): typeof line {
  xs.reset();
  ys.reset();
  products.reset();
  squares.reset();
  const start = values[first]!;
  let constant = true;
  for (let i = first; i < end; i++) {
    const x = (times[i]! - origin) / 1000;
    const y = values[i]!;
    if (y !== start && i > first) constant = false;
    xs.add(x);
    ys.add(y);
    products.add(x * y);
    squares.add(x * x);
  }
  if (constant) {
    // Of infinities no line can be told; NaN never equals what comes before it.
    line.slope = Number.isFinite(start) ? 0 : Number.NaN;
    line.intercept = Number.isFinite(start) ? start : Number.NaN;
    return line;
  }
  const count = end - first;
  line.slope = (products.value - (xs.value * ys.value) / count) / (squares.value - (xs.value * xs.value) / count);
  line.intercept = ys.value / count - (line.slope * xs.value) / count;
  return line;
}

const deriv = (samples: Samples): number | undefined =>
  samples.end - samples.first < 2 ? undefined : regression(samples, samples.times[samples.first]!).slope;

function predictLinear(samples: Samples, { at }: Window, seconds: number): number | undefined {
  if (samples.end - samples.first < 2) return undefined;
  const { slope, intercept } = regression(samples, at);
  return slope * seconds + intercept;
}

/** Functions of the straight line that fits a window best. */
export const TRENDS: readonly WindowedFunction[] = [
  windowed("deriv", deriv),
  windowed("predict_linear", predictLinear, { params: ["range", "scalar"] }),
];
