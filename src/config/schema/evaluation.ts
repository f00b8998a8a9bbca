import { z } from "zod";
import { duration, positiveDuration } from "../../documents/fields.ts";
import { DAYS, isWeekend, type Weekend } from "../../series/time-zone.ts";
import { section } from "./section.ts";
import { timeZone } from "./time-zone.ts";

const held = z.enum(["hold", "resolve"]).prefault("hold");

/** `evaluation:`: where alerts live otherwise than in Prometheus, each a switch. */
export const evaluation = section({
  on_error: held.describe("What becomes of a rule's alerts while it cannot be evaluated"),
  on_unknown: held.describe(
    "What becomes of alerts while their target cannot be scraped; a rule's missing overrides it",
  ),
  hold_for: duration.prefault("1h").describe("How long an alert is held at most while nothing is known of its subject"),
  lookback: positiveDuration.prefault("5m").describe("How old a sample may be and still be a series' present value"),
  time_zone: timeZone
    .prefault("UTC")
    .describe("Whose hours and days off the daily profiles of detectors follow, for example Europe/Berlin"),
  weekend: z
    .array(z.enum(DAYS))
    .refine((days) => isWeekend(days), {
      error: "Cannot use this weekend: expected two days that follow one another, for example [fri, sat]",
    })
    .transform(([first, second]): Weekend => [first!, second!])
    .prefault(["sat", "sun"])
    .describe("The two days on which there is less to do than on others"),
})
  .prefault({})
  .describe("How rules are evaluated where that differs from Prometheus");
