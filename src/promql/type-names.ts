import type { ValueType } from "./functions/function.ts";

/** A type in a message's words. */
export const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  scalar: "a scalar",
  vector: "an instant vector",
  range: "a range vector",
  string: "a string",
};
