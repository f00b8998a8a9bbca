import { z } from "zod";
import { onEveryMap, positiveDuration } from "../../documents/fields.ts";
import { labels } from "./labels.ts";
import { camelKeys } from "./section.ts";

/** Says that a scrape's timeout is longer than the time until the next scrape; both may be of any kind. */
export function timeoutMistake(timeout: unknown, interval: unknown): string | undefined {
  if (typeof timeout !== "number" || typeof interval !== "number" || timeout <= interval) return undefined;
  return "Cannot use this scrape_timeout: expected at most the scrape_interval";
}

/** `global:`: what holds for every scrape and rule that does not say otherwise. */
export const global = z
  .strictObject({
    scrape_interval: positiveDuration.prefault("15s").describe("How often targets are scraped"),
    scrape_timeout: positiveDuration
      .optional()
      .describe("How long a scrape may take; default 10s, or the interval where that is shorter"),
    evaluation_interval: positiveDuration
      .optional()
      .describe("How often expr rules are evaluated at most; default: the smallest scrape interval"),
    external_labels: labels.prefault({}).describe("Labels added to alerts that leave the program"),
  })
  .superRefine((written, ctx) => {
    const message = timeoutMistake(written.scrape_timeout, written.scrape_interval);
    if (message) ctx.addIssue({ code: "custom", message, path: ["scrape_timeout"] });
  }, onEveryMap)
  .transform(camelKeys)
  .prefault({})
  .describe("What holds for every scrape and rule that does not say otherwise");
