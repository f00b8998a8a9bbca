import { z } from "zod";
import type { ApiFeedback, ApiGiveFeedback } from "../feedback-types.ts";
import { component } from "./component.ts";
import { time } from "./time.ts";

/** Characters of a note, and of a name. */
const LONGEST_NOTE = 1_000;
const LONGEST_NAME = 100;

const VERDICTS = ["true", "false", "expected"] as const;

export const feedback: z.ZodType<ApiFeedback> = component(
  "Feedback",
  z.object({
    verdict: z.enum(VERDICTS),
    note: z.string(),
    by: z.string(),
    at: time,
    did: z.string().describe("What was learned, for people"),
  }),
);

const text = (most: number) => z.string({ error: "expected a text" }).max(most, `expected ${most} characters at most`);

/** What `POST /api/v1/alerts/<fingerprint>/feedback` takes. */
export const giveFeedback: z.ZodType<ApiGiveFeedback> = component(
  "GiveFeedback",
  z.strictObject({
    verdict: z
      .union([z.enum(VERDICTS), z.boolean()], { error: 'expected "true", "false" or "expected"' })
      .describe("true: it was right; false: a false alarm; expected: right, and no harm"),
    note: z.exactOptional(text(LONGEST_NOTE)).describe("Why, for those who read it later"),
    by: z
      .exactOptional(text(LONGEST_NAME).min(1, "expected a text that is not empty"))
      .describe("Who says so; without it the name of the token"),
  }),
);
