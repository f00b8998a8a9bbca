import { z } from "zod";
import type { ApiRaise, ApiSensitivity } from "../sensitivity-types.ts";
import { component } from "./component.ts";

export const raise: z.ZodType<ApiRaise> = component(
  "Raise",
  z.object({
    nats: z.number().describe("Of both together"),
    byBudget: z.number().describe("What sensitivity.false_alarms_per_week asks for"),
    byNoise: z.number().describe("What its own alarms brought about"),
    alarms: z.number().describe("Alarms in the week before; more than 16 are not told apart"),
  }),
);

export const sensitivity: z.ZodType<ApiSensitivity> = component(
  "Sensitivity",
  z.object({
    falseAlarmsPerWeek: z.number().nullable().describe("null: no budget is set, and nothing is raised for one"),
    looksPerWeek: z
      .exactOptional(z.number())
      .describe("Looks a week of all rules over the whole fleet, smoothed; absent until they were counted"),
    neededNats: z.exactOptional(z.number()).describe("Evidence that a look must reach so that the budget is kept"),
    rules: z.array(
      z.object({
        rule: z.string(),
        labels: z.record(z.string(), z.string()).describe("What tells it from other rules of its name"),
        subjects: z.number(),
        noisySubjects: z.number(),
        ownNats: z.exactOptional(z.number()).describe("Nats at which its tests fire by themselves"),
        raiseNats: z.number().describe("What the budget adds for all its subjects"),
      }),
    ),
    noisy: z
      .array(
        z.object({
          id: z.string().describe("As the list of subjects gives it"),
          rule: z.string(),
          labels: z.record(z.string(), z.string()),
          raiseNats: z.number(),
          alarms: z.number().describe("In the week before; more than 16 are not told apart"),
        }),
      )
      .describe("Subjects whose own alarms raised their threshold"),
  }),
);
