import { z } from "zod";
import { duration, onEveryMap } from "../documents/fields.ts";
import { labelsSchema } from "./schema-names.ts";
import { ruleSchema, templateMistakes } from "./schema-rule.ts";

const group = z
  .strictObject({
    name: z.string().min(1, { error: "Groupname must not be empty" }).describe("The group's name, once in a file"),
    interval: duration.optional().describe("Evaluate in slots of this length instead of after each scrape"),
    query_offset: duration.optional().describe("Look so far into the past"),
    limit: z.int().optional().describe("At most so many alerts or series of one rule; 0 is no limit"),
    labels: labelsSchema.optional().describe("Labels of every rule of the group; a rule's own win"),
    rules: z.array(ruleSchema).optional().describe("Run one after the other"),
  })
  .superRefine((written, ctx) => {
    // A recording rule's labels are no templates, so only a group with alerts has any.
    const alerts = Array.isArray(written.rules) && written.rules.some((rule) => rule?.alert !== undefined);
    for (const { name, message, at } of alerts ? templateMistakes(written.labels) : []) {
      ctx.addIssue({ code: "custom", message, path: ["labels", name], params: at });
    }
  }, onEveryMap);

const groups = z.array(group).superRefine(
  (written, ctx) => {
    const names = new Set<unknown>();
    for (const [i, { name }] of written.map((g) => g ?? {}).entries()) {
      const message = `groupname: ${JSON.stringify(name)} is repeated in the same file`;
      if (typeof name === "string" && names.has(name)) ctx.addIssue({ code: "custom", message, path: [i, "name"] });
      names.add(name);
    }
  },
  { when: ({ value }) => Array.isArray(value) },
);

const override = z
  .strictObject({
    alert: z.string().min(1).describe("The name of the alert to change, in whatever file it is"),
    set: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("New values by field, for example detect.fire.above or labels.severity; null takes a field away"),
    disabled: z.boolean().optional().describe("Whether the alert is switched off"),
  })
  .refine((written) => written.set !== undefined || written.disabled !== undefined, {
    error: "one of 'set' or 'disabled' must be set",
  });

/** A rule file: Prometheus' format, and ours on top of it. */
export const ruleFileSchema = z.strictObject({
  groups: groups.optional().describe("Groups of rules that share a schedule"),
  overrides: z.array(override).optional().describe("Changes to alerts of other files"),
});

/** A group as its schema reads it. */
export type WrittenGroup = z.output<typeof group>;
