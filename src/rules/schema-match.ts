import { z } from "zod";
import { mistakeOf, parsed } from "../documents/fields.ts";
import { parseSelector } from "../promql/parse.ts";
import { METRIC_NAME } from "../series/labels.ts";
import { type Matcher, matcher } from "../series/matchers.ts";

/** Matchers need not say which metric they are about, but a selector must match something: this name stands in. */
const STAND_IN = "x";

const matcherText = parsed((text): readonly Matcher[] => {
  const braced = text.trimStart().startsWith("{");
  const before = braced ? STAND_IN : `${STAND_IN}{`;
  try {
    const found = parseSelector(before + text + (braced ? "" : "}"));
    return found.filter((m) => m.name !== METRIC_NAME);
  } catch (error) {
    const { message, from = 0, to = 0 } = mistakeOf(error);
    const moved = (offset: number): number => Math.min(Math.max(offset - before.length, 0), text.length);
    throw Object.assign(new RangeError(message), { from: moved(from), to: moved(to) });
  }
});

const labelMap = z
  .record(z.string().min(1), z.string())
  .transform((labels) => Object.entries(labels).map(([name, value]) => matcher(name, "=", value)));

/**
 * Which label sets something applies to: `{model: bench}`, labels with exactly these values, or PromQL's matchers,
 * `model=~"bench.*", instance="gpu-7:8002"`, as one text or several. All must hold; there is at least one.
 */
export const matchSchema = z
  .union([labelMap, matcherText, z.array(matcherText)])
  .transform((match): readonly Matcher[] => match.flat())
  .refine((match) => match.length > 0, { error: "Cannot match everything: expected at least one label" });
