import { type PointwiseFunction, pointwise } from "./function.ts";

/** IEEE maximum as Go has it: an infinity decides before NaN does. */
const max = (a: number, b: number): number =>
  a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : Math.max(a, b);

const min = (a: number, b: number): number =>
  a === Number.NEGATIVE_INFINITY || b === Number.NEGATIVE_INFINITY ? Number.NEGATIVE_INFINITY : Math.min(a, b);

/** Multiplying by the inverse, as Prometheus does: round(x, 0.1) divides by 10 and not by 0.1. */
function round(value: number, toNearest: number): number {
  const inverse = 1 / toNearest;
  return Math.floor(value * inverse + 0.5) / inverse;
}

/** Functions that map one number to another. */
export const MATH: readonly PointwiseFunction[] = [
  pointwise("abs", Math.abs),
  pointwise("ceil", Math.ceil),
  pointwise("floor", Math.floor),
  pointwise("round", round, { defaults: [1] }),
  pointwise("clamp", (value, low, high) => max(low, min(high, value)), { scalars: 2, none: (low, high) => high < low }),
  pointwise("clamp_min", max, { scalars: 1 }),
  pointwise("clamp_max", min, { scalars: 1 }),
  pointwise("exp", Math.exp),
  pointwise("ln", Math.log),
  pointwise("log2", Math.log2),
  pointwise("log10", Math.log10),
  pointwise("sqrt", Math.sqrt),
  pointwise("sgn", Math.sign),
  pointwise("acos", Math.acos),
  pointwise("acosh", Math.acosh),
  pointwise("asin", Math.asin),
  pointwise("asinh", Math.asinh),
  pointwise("atan", Math.atan),
  pointwise("atanh", Math.atanh),
  pointwise("cos", Math.cos),
  pointwise("cosh", Math.cosh),
  pointwise("sin", Math.sin),
  pointwise("sinh", Math.sinh),
  pointwise("tan", Math.tan),
  pointwise("tanh", Math.tanh),
  pointwise("deg", (radians) => (radians * 180) / Math.PI),
  pointwise("rad", (degrees) => (degrees * Math.PI) / 180),
];
