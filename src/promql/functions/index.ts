import type { PromqlFunction, WholeFunction } from "./function.ts";
import { MATH } from "./math.ts";
import { OVER_TIME } from "./over-time.ts";
import { RATES } from "./rates.ts";

const WHOLE: readonly WholeFunction[] = [
  { kind: "whole", whole: "absent", name: "absent", params: ["vector"], required: 1, returns: "vector" },
  {
    kind: "whole",
    whole: "absent_over_time",
    name: "absent_over_time",
    params: ["range"],
    required: 1,
    returns: "vector",
  },
  { kind: "whole", whole: "scalar", name: "scalar", params: ["vector"], required: 1, returns: "scalar" },
  { kind: "whole", whole: "time", name: "time", params: [], required: 0, returns: "scalar" },
  { kind: "whole", whole: "timestamp", name: "timestamp", params: ["vector"], required: 1, returns: "vector" },
  { kind: "whole", whole: "vector", name: "vector", params: ["scalar"], required: 1, returns: "vector" },
];

/** Every function the evaluator knows, by name. A function of the language that is not here is refused while parsing. */
export const FUNCTIONS: ReadonlyMap<string, PromqlFunction> = new Map(
  [...MATH, ...RATES, ...OVER_TIME, ...WHOLE].map((fn) => [fn.name, fn]),
);
