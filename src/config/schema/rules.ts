import { z } from "zod";

/** `rule_files:`: rules beside the packaged ones. */
export const ruleFiles = z
  .array(z.string().min(1))
  .prefault([])
  .describe("Files of rules, as globs relative to this file; they add to the packaged rules");

/** `packaged_rules:`: whether the rules that come with the program are used. */
export const packagedRules = z
  .boolean()
  .prefault(true)
  .describe("Whether the rules that come with the program are used");
