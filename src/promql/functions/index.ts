import { DATES } from "./dates.ts";
import { type PromqlFunction, whole } from "./function.ts";
import { MATH } from "./math.ts";
import { OVER_TIME } from "./over-time.ts";
import { RATES } from "./rates.ts";
import { TRENDS } from "./trends.ts";

const WHOLE: readonly PromqlFunction[] = [
  whole("absent", ["vector"]),
  whole("absent_over_time", ["range"]),
  whole("histogram_fraction", ["scalar", "scalar", "vector"]),
  whole("histogram_quantile", ["scalar", "vector"]),
  whole("label_join", ["vector", "string", "string", "string"], { whole: "relabel", variadic: true }),
  whole("label_replace", ["vector", "string", "string", "string", "string"], { whole: "relabel" }),
  whole("pi", [], { returns: "scalar" }),
  whole("scalar", ["vector"], { returns: "scalar" }),
  whole("sort", ["vector"]),
  whole("sort_desc", ["vector"]),
  whole("time", [], { returns: "scalar" }),
  whole("timestamp", ["vector"]),
  whole("vector", ["scalar"]),
];

/** Every function the evaluator knows, by name. A function of the language that is not here is refused while parsing. */
export const FUNCTIONS: ReadonlyMap<string, PromqlFunction> = new Map(
  [...MATH, ...DATES, ...RATES, ...TRENDS, ...OVER_TIME, ...WHOLE].map((fn) => [fn.name, fn]),
);
