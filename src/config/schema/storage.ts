import { parsed } from "../../documents/fields.ts";
import { parseSize } from "../size.ts";
import { section } from "./section.ts";

/** `storage:`: how much is remembered. */
export const storage = section({
  history_bytes: parsed(parseSize).prefault("128MiB").describe("Memory for recent samples"),
})
  .prefault({})
  .describe("How much is remembered");
