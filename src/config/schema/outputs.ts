import { z } from "zod";
import type { LogOutput } from "../deliveries.ts";
import { emails } from "./email.ts";
import { receiverOptions, receiverShape } from "./receiver.ts";
import { webhooks } from "./webhook.ts";

const logOutput = z
  .strictObject({
    enabled: z.boolean().prefault(false).describe("Whether each notification is written as a log line"),
    ...receiverShape,
  })
  .transform((written): LogOutput => ({ enabled: written.enabled, receiver: receiverOptions("log", written) }))
  .prefault({})
  .describe("Notifications as lines of the log");

/** `outputs:`: who is told of alerts without an Alertmanager in between. */
export const outputs = z
  .strictObject({ email: emails, webhook: webhooks, log: logOutput })
  .prefault({})
  .describe("Who is told of alerts without an Alertmanager in between");
