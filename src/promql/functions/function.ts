/** What an expression evaluates to, known without evaluating it. */
export type ValueType = "scalar" | "vector" | "range" | "string";

interface Signature {
  readonly name: string;
  /** The types of the arguments, optional ones last. */
  readonly params: readonly ValueType[];
  /** How many of them must be given. */
  readonly required: number;
  /** Whether the last parameter takes any number of arguments, none among them. */
  readonly variadic?: boolean;
  readonly returns: "scalar" | "vector";
}

/** Maps each value of a vector; its scalar arguments are the same for all. */
export interface PointwiseFunction extends Signature {
  readonly kind: "pointwise";
  readonly apply: (value: number, a: number, b: number) => number;
  /** Stands in for scalar arguments that are not given. */
  readonly defaults: readonly number[];
  /** Whether these arguments leave no result at all. */
  readonly none?: (a: number, b: number) => boolean;
}

/** The samples of one series in a window: those of its columns from `first` to before `end`, of which there is at least one. */
export interface Samples {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly first: number;
  readonly end: number;
}

/** The time span (from, to] of a range vector and the time of the evaluation, in ms since the epoch. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** Reduces the samples of a window to a number; undefined gives no result. `parameter` is the function's scalar argument. */
export type Reducer = (samples: Samples, window: Window, parameter: number) => number | undefined;

/** Reduces each series of a range vector. */
export interface WindowedFunction extends Signature {
  readonly kind: "windowed";
  readonly reduce: Reducer;
  readonly keepsName: boolean;
  /** Whether it makes sense of counters only. */
  readonly counters: boolean;
}

/** What needs to see the evaluation itself: its time, its selectors, or a vector as a whole. */
export interface WholeFunction extends Signature {
  readonly kind: "whole";
  readonly whole:
    | "absent"
    | "absent_over_time"
    | "histogram_fraction"
    | "histogram_quantile"
    | "pi"
    | "relabel"
    | "scalar"
    | "sort"
    | "sort_desc"
    | "time"
    | "timestamp"
    | "vector";
}

/** A function of the language: its signature and how it is computed. */
export type PromqlFunction = PointwiseFunction | WindowedFunction | WholeFunction;

/** Declares a function of one instant vector and of as many scalars as there are `defaults` or `required` asks. */
export function pointwise(
  name: string,
  apply: PointwiseFunction["apply"],
  options: { scalars?: number; defaults?: readonly number[]; none?: (a: number, b: number) => boolean } = {},
): PointwiseFunction {
  const { scalars = 0, defaults = [], none } = options;
  const params: readonly ValueType[] = ["vector", ...Array<ValueType>(scalars + defaults.length).fill("scalar")];
  const signature = { name, params, required: 1 + scalars, returns: "vector" } as const;
  return { kind: "pointwise", ...signature, apply, defaults, ...(none && { none }) };
}

/** Declares a function of one range vector, by default the only argument. */
export function windowed(
  name: string,
  reduce: Reducer,
  options: { params?: readonly ValueType[]; keepsName?: boolean; counters?: boolean } = {},
): WindowedFunction {
  const { params = ["range"], keepsName = false, counters = false } = options;
  const signature = { name, params, required: params.length, returns: "vector" } as const;
  return { kind: "windowed", ...signature, reduce, keepsName, counters };
}

/** Declares a function that the evaluator itself computes. */
export function whole(
  name: string,
  params: readonly ValueType[],
  options: { whole?: WholeFunction["whole"]; returns?: "scalar" | "vector"; variadic?: boolean } = {},
): WholeFunction {
  const { returns = "vector", variadic = false } = options;
  const is = options.whole ?? (name as WholeFunction["whole"]);
  const required = variadic ? params.length - 1 : params.length;
  return { kind: "whole", whole: is, name, params, required, variadic, returns };
}
