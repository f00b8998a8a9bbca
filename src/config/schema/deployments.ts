import { z } from "zod";
import { onEveryMap, parsed, parseInstant } from "../../documents/fields.ts";
import { matchSchema } from "../../rules/schema-match.ts";
import type { Matcher } from "../../series/matchers.ts";
import type { EpochMs } from "../../series/time.ts";
import { instant, timeOfDay } from "./hints.ts";
import { timeZone } from "./time-zone.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const MINUTES_A_DAY = 1_440;

/** When announced changes are expected. */
type DeploymentWindow =
  | {
      readonly kind: "weekly";
      readonly days: readonly (typeof DAYS)[number][];
      /** Minutes after midnight; `to` before `from` is on the next day. */
      readonly from: number;
      readonly to: number;
      /** An IANA name, "Europe/Berlin". */
      readonly timeZone: string;
    }
  | { readonly kind: "span"; readonly from: EpochMs; readonly to: EpochMs };

/** A time in which loads and unloads of some models are no findings. */
export interface Deployment {
  readonly name: string;
  readonly match: readonly Matcher[];
  readonly window: DeploymentWindow;
  readonly reason?: string;
}

/** @throws RangeError when the text is no time of day; "24:00" is the end of one. */
function parseTimeOfDay(text: string): number {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  const at = Number(hours) * 60 + Number(minutes);
  if (Number(minutes) < 60 && at <= MINUTES_A_DAY) return at;
  throw new RangeError(
    `Cannot parse time of day ${JSON.stringify(text)}: expected hours and minutes, for example "06:30"`,
  );
}

const weekly = z
  .strictObject({
    days: z.array(z.enum(DAYS)).min(1).describe("Days on which the window begins"),
    from: parsed(parseTimeOfDay).meta(timeOfDay).describe("When it begins, HH:MM"),
    to: parsed(parseTimeOfDay).meta(timeOfDay).describe("When it ends, HH:MM; before from it is on the next day"),
    time_zone: timeZone.prefault("UTC").describe("In which time zone, for example Europe/Berlin"),
  })
  .refine(({ from, to }) => from !== to, { error: "Cannot use an empty window: expected from and to to differ" })
  .transform(({ time_zone, ...rest }): DeploymentWindow => ({ kind: "weekly", ...rest, timeZone: time_zone }));

const span = z
  .strictObject({
    from: parsed(parseInstant).meta(instant).describe("When it begins, in RFC 3339"),
    to: parsed(parseInstant).meta(instant).describe("When it ends, in RFC 3339"),
  })
  .refine(({ from, to }) => from < to, { error: "Cannot use an empty window: expected to after from", path: ["to"] })
  .transform((written): DeploymentWindow => ({ kind: "span", ...written }));

const deployment = z
  .strictObject({
    name: z.string().min(1).describe("What alerts and events call it"),
    match: matchSchema.describe("Which targets and models: labels and their values, or PromQL matchers"),
    weekly: weekly.optional().describe("A time of the week"),
    span: span.optional().describe("A fixed time"),
    reason: z.string().optional().describe("Why, and who knows"),
  })
  .superRefine((written, ctx) => {
    if (written.weekly === undefined && written.span === undefined)
      ctx.addIssue("one of 'weekly' or 'span' must be set");
    if (written.weekly === undefined || written.span === undefined) return;
    ctx.addIssue({ code: "custom", message: "only one of 'weekly' and 'span' must be set", params: { key: "span" } });
  }, onEveryMap)
  .transform(({ name, match, weekly: week, span: once, reason }): Deployment => {
    const window = week ?? once;
    if (window === undefined) return z.NEVER;
    return { name, match, window, ...(reason === undefined ? {} : { reason }) };
  });

/** `deployments:`: windows in which changes of models are announced. */
export const deployments = z
  .array(deployment)
  .prefault([])
  .describe("Windows in which changes of models are announced and fire nothing");
