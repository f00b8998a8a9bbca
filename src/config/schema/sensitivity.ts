import { z } from "zod";
import { section } from "./section.ts";

/** `sensitivity:`: how many false alarms people can live with. */
export const sensitivity = section({
  false_alarms_per_week: z
    .number()
    .min(0.001)
    .max(100_000)
    .optional()
    .describe(
      "False alarms a week of all detect: rules over the whole fleet; thresholds are raised until that is kept, and never lowered. Absent: nothing is raised",
    ),
})
  .prefault({})
  .describe("How many false alarms people can live with");
