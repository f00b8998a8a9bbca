import { z } from "zod";
import { section } from "./section.ts";

/** `exporter:`: what our own /metrics page shows. */
export const exporter = section({
  max_series: z
    .int()
    .min(0)
    .prefault(10_000)
    .describe(
      "Series on our own /metrics page: so many of detectors, of alerts and of models each; the rest is counted",
    ),
})
  .prefault({})
  .describe("What our own /metrics page shows");
