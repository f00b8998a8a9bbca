import { z } from "zod";
import type { InhibitRule } from "../../alerts/inhibition.ts";
import { parsed, positiveDuration } from "../../documents/fields.ts";
import { parseAlertMatchers } from "./alert-matchers.ts";

/** Packaged rules over statistics: one TritonFleetAnomaly says what a hundred of their alerts would. */
const SUMMARISED = [
  "TritonErrorRatioAnomaly",
  "TritonErrorRatioCreep",
  "TritonRequestRateSurge",
  "TritonRequestRateCreep",
  "TritonRequestRateDrop",
  "TritonLatencyShift",
  "TritonQueueBacklog",
  "TritonBatchShapeShift",
  "TritonCacheHitRatioShift",
  "TritonResourceExhaustion",
];

const matchers = z
  .array(parsed(parseAlertMatchers))
  .min(1)
  .transform((found) => found.flat());

const inhibitRule = z
  .strictObject({
    source_matchers: matchers.describe("While an alert fires that all of these match …"),
    target_matchers: matchers.describe("… alerts that all of these match are not told"),
    equal: z
      .array(
        z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, {
          error: (issue) => `Cannot compare label ${JSON.stringify(issue.input)}: expected a label name`,
        }),
      )
      .prefault([])
      .describe("… if both have the same values in these labels; a label that both lack counts as the same"),
    began_within: positiveDuration
      .optional()
      .describe(
        "… and if the two began to fire at most so long apart, so that what begins later is told. Not in Alertmanager: without it any is kept back",
      ),
  })
  .transform(
    ({ source_matchers, target_matchers, equal, began_within }): InhibitRule => ({
      source: source_matchers,
      target: target_matchers,
      equal,
      ...(began_within !== undefined && { beganWithin: began_within }),
    }),
  );

/** `inhibit_rules:`: which alerts the outputs are not told of while others fire; Alertmanager's section. */
export const inhibitRules = z
  .array(inhibitRule)
  .prefault(
    SUMMARISED.map((name) => ({
      source_matchers: ["alertname = TritonFleetAnomaly", `rule = ${name}`],
      target_matchers: [`alertname = ${name}`],
      // Rules of one name over several resources, which other rules do not have.
      equal: ["resource"],
      // It lasts while a twentieth is in alarm: two forgotten models must not hide what befalls a third hours later.
      began_within: "5m",
    })),
  )
  .describe(
    "Alerts that email and webhook are not told of while others fire; what is written here takes the place of the default, [] keeps nothing back",
  );
