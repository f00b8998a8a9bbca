import { section } from "./section.ts";
import { size } from "./size.ts";

/** `storage:`: how much is remembered. */
export const storage = section({
  history_bytes: size.prefault("128MiB").describe("Memory for recent samples"),
  subject_history_bytes: size.prefault("32MiB").describe("Memory for what detectors saw and expected over time"),
})
  .prefault({})
  .describe("How much is remembered");
