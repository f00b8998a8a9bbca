import { parseLength, parseTime } from "../series/parse-time.ts";
import type { DurationMs, EpochMs } from "../series/time.ts";
import { count, type Parameter, texts } from "./parameters.ts";

/** Characters of an expression: what fits into a body. */
const LONGEST_EXPRESSION = 16_384;

/** A PromQL expression. */
export const expression: Parameter<string | undefined> = {
  about: "PromQL",
  schema: { type: "string", maxLength: LONGEST_EXPRESSION },
  repeated: false,
  longest: LONGEST_EXPRESSION,
  absent: undefined,
  read: ([written]) => written,
};

/** An instant: Unix seconds or RFC 3339. */
export const instant = (about: string): Parameter<EpochMs | undefined> => ({
  about: `${about}: Unix seconds or RFC 3339`,
  schema: { type: "string" },
  repeated: false,
  absent: undefined,
  read: ([written]) => parseTime(written),
});

/** A length of time: seconds or Prometheus' duration. */
export const length = (about: string): Parameter<DurationMs | undefined> => ({
  about: `${about}: seconds or a duration such as 1m`,
  schema: { type: "string" },
  repeated: false,
  absent: undefined,
  read: ([written]) => parseLength(written),
});

/** Selectors of series. */
export const selectors: Parameter<readonly string[]> = texts(
  'Only series this selector chooses, for example up or {model="bert"}; may be repeated',
);

/** How much of an answer is wanted. */
export const limit: Parameter<number> = count("How many at most; 0 for all", {
  least: 0,
  most: Number.MAX_SAFE_INTEGER,
  absent: 0,
});
