import { z } from "zod";
import type { InhibitRule } from "../../alerts/inhibition.ts";
import { parsed } from "../../documents/fields.ts";
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
  })
  .transform(
    ({ source_matchers, target_matchers, equal }): InhibitRule => ({
      source: source_matchers,
      target: target_matchers,
      equal,
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
    })),
  )
  .describe(
    "Alerts that email and webhook are not told of while others fire; what is written here takes the place of the default, [] keeps nothing back",
  );
