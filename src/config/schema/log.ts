import { z } from "zod";
import { section } from "./section.ts";

/** `log:`: what the program says of itself. */
export const log = section({
  level: z.enum(["debug", "info", "warn", "error"]).prefault("info").describe("The least severe line that is written"),
  format: z.enum(["logfmt", "json"]).prefault("logfmt").describe("How lines are written"),
})
  .prefault({})
  .describe("What the program says of itself");
