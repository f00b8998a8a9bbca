import { z } from "zod";
import type { ReceiverOptions } from "../../alerts/receiver.ts";
import { duration, positiveDuration } from "../../documents/fields.ts";
import { matchSchema } from "../../rules/schema-match.ts";

/** Instead of labels: every alert is a group of its own. */
const EACH = "...";

const groupBy = z
  .array(
    z.string().regex(/^(?:[a-zA-Z_][a-zA-Z0-9_]*|\.\.\.)$/, {
      error: (issue) =>
        `Cannot group by ${JSON.stringify(issue.input)}: expected a label name, or "..." for every alert`,
    }),
  )
  .superRefine((names, ctx) => {
    if (names.includes(EACH) && names.length > 1)
      ctx.addIssue('Cannot group by "..." and labels: expected one of them');
    if (new Set(names).size < names.length) ctx.addIssue("Cannot group by a label twice");
  });

/** The fields of every receiver: which alerts it is told of, and how they are put together. */
export const receiverShape = {
  match: matchSchema
    .optional()
    .describe("Which alerts: labels and their values, or PromQL matchers; default: all but those of severity none"),
  send_resolved: z.boolean().prefault(true).describe("Whether it is told of alerts that ended"),
  group_by: groupBy
    .prefault(["alertname", "job", "instance"])
    .describe(
      "Alerts that agree in these labels are told together; [...] tells each by itself. By model, whoever can load models decides how many notifications there are",
    ),
  group_wait: duration.prefault("5s").describe("How long a new group waits for more alerts before it is told"),
  group_interval: positiveDuration.prefault("1m").describe("How long until changes of a group are told"),
  repeat_interval: positiveDuration.prefault("4h").describe("How long until an unchanged group is told again"),
};

type Written = { readonly [K in keyof typeof receiverShape]: z.output<(typeof receiverShape)[K]> };

/** What `receiverShape` read, under the name of the receiver. */
export const receiverOptions = (
  name: string,
  written: Omit<Written, "match"> & Partial<Pick<Written, "match">>,
): ReceiverOptions => ({
  name,
  match: written.match ?? [],
  sendResolved: written.send_resolved,
  groupBy: written.group_by,
  groupWait: written.group_wait,
  groupInterval: written.group_interval,
  repeatInterval: written.repeat_interval,
});

/** What receivers are called in metrics, logs and notifications. */
export const receiverName = z
  .string()
  .refine((name) => /^[^\p{Cc}]{1,100}$/u.test(name), {
    error: "Cannot use this name: expected one line of at most 100 characters",
  })
  .describe("What metrics, logs and notifications call it; once among its kind");

/** Adds a mistake for every name that was given before. */
export function namedOnce(written: unknown, ctx: z.core.$RefinementCtx): void {
  const names = new Set<unknown>();
  for (const [i, one] of (Array.isArray(written) ? written : []).entries()) {
    const name: unknown = one?.name;
    if (typeof name === "string" && names.has(name)) {
      const message = `Cannot use name ${JSON.stringify(name)} twice`;
      ctx.addIssue({ code: "custom", message, path: [i, "name"] });
    }
    names.add(name);
  }
}

/** For a refinement that looks at every list, also one whose items are wrong. */
export const onEveryList = {
  when: ({ value }: { readonly value: unknown }): boolean => Array.isArray(value),
};
