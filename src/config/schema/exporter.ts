import { z } from "zod";
import { section } from "./section.ts";

/** `exporter:`: what our own /metrics page shows. */
export const exporter = section({
  max_series: z.int().min(0).prefault(10_000).describe("Detector series on our own /metrics page; the rest is counted"),
})
  .prefault({})
  .describe("What our own /metrics page shows");
