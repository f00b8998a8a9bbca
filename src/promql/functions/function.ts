import type { PointBuffer } from "../../series/source.ts";

/** What an expression evaluates to, known without evaluating it. */
export type ValueType = "scalar" | "vector" | "range" | "string";

interface Signature {
  readonly name: string;
  /** The types of the arguments, optional ones last. */
  readonly params: readonly ValueType[];
  /** How many of them must be given. */
  readonly required: number;
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

/** The samples' time span (from, to] of a range selector, in ms since the epoch. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Reduces the samples of one series in a window, of which there is at least one, to a number; undefined gives no result. */
export type Reducer = (points: PointBuffer, window: Window) => number | undefined;

/** Reduces each series of a range vector. */
export interface WindowedFunction extends Signature {
  readonly kind: "windowed";
  readonly reduce: Reducer;
  readonly keepsName: boolean;
}

/** What needs to see the evaluation itself: its time, its selectors, or a vector as a whole. */
export interface WholeFunction extends Signature {
  readonly kind: "whole";
  readonly whole: "absent" | "absent_over_time" | "scalar" | "time" | "timestamp" | "vector";
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

/** Declares a function of one range vector. */
export function windowed(name: string, reduce: Reducer, keepsName = false): WindowedFunction {
  return { kind: "windowed", name, params: ["range"], required: 1, returns: "vector", reduce, keepsName };
}
