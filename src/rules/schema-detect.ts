import { z } from "zod";
import { duration, onEveryMap, parsed, positiveDuration } from "../documents/fields.ts";
import { parseSelector } from "../promql/parse.ts";
import { detectorMisfits } from "./detector-misfits.ts";
import { contradictions, fillDetect, SIGNALS } from "./load-detect.ts";
import { plainLabelName } from "./schema-names.ts";
import { AGAINST, DETECTORS, MODEL_EVENTS, type Selector } from "./types.ts";

const selector = parsed((text): Selector => ({ text, matchers: parseSelector(text) }));

const selectors = z
  .union([selector, z.array(selector).min(1)])
  .transform((found): readonly Selector[] => (Array.isArray(found) ? found : [found]))
  .describe("A selector of series, or a list of them whose series are added up");

const levelParts = z.strictObject({
  value: selectors,
  of: selectors.optional().describe("A bound to divide by, as in used / total"),
});

const level = z.union([selectors.transform((value): z.output<typeof levelParts> => ({ value })), levelParts]);

const atLeast = (minimum: number) => z.number().min(minimum);
const score = z.number().positive();

const fire = z.strictObject({
  score: score.optional().describe("The score from which a subject is anomalous; 1 is the detector's own boundary"),
  min_bad: atLeast(0).optional().describe("At least so many bad events, events or waiting requests"),
  above: atLeast(0).optional().describe("The value must lie above this, in the signal's unit"),
  below: atLeast(0).optional().describe("Threshold: the value must lie below this, in the signal's unit"),
  over: duration
    .optional()
    .describe("Threshold: the value is taken over so long; 0s, or less than a scrape, is the newest scrape"),
  times: atLeast(1).optional().describe("The value must lie this many times above (or below) what is expected"),
  lasting: z
    .strictObject({
      above: atLeast(0).optional().describe("As fire.above, which it is unless written"),
      times: atLeast(1).optional().describe("As fire.times, which it is unless written"),
    })
    .optional()
    .describe("What holds instead for tests that look at five minutes and more: what lasts may be smaller to matter"),
});

const fields = z.strictObject({
  ratio: z
    .strictObject({ bad: selectors, total: selectors })
    .optional()
    .describe("The share of bad events: the increase of one set of counters over that of another, judged by counts"),
  rate: selectors.optional().describe("Counters whose increase per second is watched, judged as over-dispersed counts"),
  mean: z
    .strictObject({
      sum: selectors,
      count: selectors,
      minus: selectors.optional().describe("Counters to take off the count, for example cache hits"),
    })
    .optional()
    .describe("The increase of a sum over that of a count, for example microseconds a request"),
  level: level.optional().describe("Gauges whose value is watched"),
  of: selectors.optional().describe("A bound to divide the level by, as in used / total"),
  models: z.array(z.enum(MODEL_EVENTS)).min(1).optional().describe("Events of the inventory of models"),
  detector: z.enum(DETECTORS).optional().describe("What judges the signal; each kind of signal has its own default"),
  by: z
    .array(plainLabelName)
    .optional()
    .describe("One subject per combination of these labels; others are summed away"),
  direction: z.enum(["up", "down", "both"]).optional().describe("Which departures from normal count"),
  against: z
    .enum(AGAINST)
    .optional()
    .describe(
      "What the signal is held against: its baseline, or the slow reference (anchor) that a slow climb cannot drag along",
    ),
  baseline: z
    .strictObject({
      season: z.enum(["auto", "none"]).optional().describe("Whether normal depends on the hour of the week"),
      half_life: positiveDuration.optional().describe("How long until what was learned counts half"),
    })
    .optional()
    .describe("How normal is learned"),
  fire: fire.optional().describe("When a subject counts as anomalous; all conditions must hold"),
  clear: z
    .strictObject({ score: score.optional().describe("The score below which a firing subject is calm again") })
    .optional()
    .describe("When a firing subject is calm again"),
  learning: z
    .strictObject({
      widen: atLeast(1).optional().describe("Thresholds are multiplied by this until enough has been learned"),
      above: atLeast(0).optional().describe("A ratio must lie above this until enough has been learned"),
    })
    .optional()
    .describe("What holds until enough has been learned"),
  missing: z.enum(["hold", "resolve"]).optional().describe("What becomes of alerts while the target cannot be scraped"),
});

/** A `detect:` block, with every default filled in. */
export const detectSchema = fields
  .superRefine((written, ctx) => {
    const set = new Set(Object.entries(written).flatMap(([name, value]) => (value === undefined ? [] : [name])));
    for (const { field, message } of contradictions(set)) {
      ctx.addIssue({ code: "custom", message, params: { key: field } });
    }
    if (set.has("of") && written.level?.of !== undefined) {
      ctx.addIssue({ code: "custom", message: "'of' can be set once, in 'level' or beside it", params: { key: "of" } });
    }
    const signal = SIGNALS.find((name) => set.has(name));
    const { detector } = written;
    if (signal === undefined || signal === "models") return;
    if (detector !== undefined && !DETECTORS.some((name) => name === detector)) return;
    for (const { path, message } of detectorMisfits(signal, written)) {
      ctx.addIssue({ code: "custom", message, path: [...path] });
    }
  }, onEveryMap)
  .transform(fillDetect);
