import { z } from "zod";
import { onEveryMap, parsed, positiveDuration } from "../../documents/fields.ts";
import { parseSecretUrl } from "../address.ts";
import type { WebhookOutput } from "../deliveries.ts";
import { exactlyOne } from "./exclusive.ts";
import { webUrl } from "./hints.ts";
import { httpMistakes, httpOptions, httpShape } from "./http.ts";
import { namedOnce, onEveryList, receiverName, receiverOptions, receiverShape } from "./receiver.ts";
import { filePath, secretSource } from "./secret.ts";

const webhook = z
  .strictObject({
    name: receiverName,
    url: parsed(parseSecretUrl)
      .meta(webUrl)
      .optional()
      .describe("Where notifications are posted; a secret: many hold a token"),
    url_file: filePath.optional().describe("A file that holds the URL, read anew for every request"),
    max_alerts: z
      .int()
      .min(0)
      .prefault(100)
      .describe("Alerts in one notification at most, 0 for all; the rest is counted in truncatedAlerts"),
    timeout: positiveDuration.prefault("10s").describe("How long one request may take"),
    ...httpShape,
    ...receiverShape,
  })
  .superRefine((written, ctx) => {
    exactlyOne(written, ["url", "url_file"], ctx);
    httpMistakes(written, ctx);
  }, onEveryMap)
  .transform((written): WebhookOutput => {
    const { name, timeout, max_alerts } = written;
    const url = secretSource(written.url, written.url_file);
    if (url === undefined) return z.NEVER;
    const receiver = receiverOptions(name, written);
    return { name, url, http: httpOptions(written), timeout, maxAlerts: max_alerts, receiver };
  });

/** `outputs.webhook:`. */
export const webhooks = z
  .array(webhook)
  .superRefine(namedOnce, onEveryList)
  .prefault([])
  .describe("Servers that get notifications as JSON, in Alertmanager's format");
