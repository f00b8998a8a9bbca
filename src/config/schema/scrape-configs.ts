import { z } from "zod";
import { onEveryMap, parsed, positiveDuration } from "../../documents/fields.ts";
import { parseAddress } from "../address.ts";
import { parseSize } from "../size.ts";
import { timeoutMistake } from "./global.ts";
import { labels } from "./labels.ts";
import { camelKeys, section } from "./section.ts";

const staticConfig = section({
  targets: z.array(parsed(parseAddress)).describe("Addresses of metrics endpoints, for example gpu-7:8002"),
  labels: labels.prefault({}).describe("Labels of all series of these targets"),
});

const scrapeConfig = z
  .strictObject({
    job_name: z.string().min(1).describe("The job label of the targets; once in a file"),
    scheme: z.enum(["http", "https"]).prefault("http").describe("How targets are asked"),
    metrics_path: z
      .string()
      .regex(/^\/[^\s?#]*$/, {
        error: (issue) => `Cannot use path ${JSON.stringify(issue.input)}: expected for example "/metrics"`,
      })
      .prefault("/metrics")
      .describe("Where targets serve their metrics"),
    scrape_interval: positiveDuration
      .optional()
      .describe("How often these targets are scraped; default: the global one"),
    scrape_timeout: positiveDuration.optional().describe("How long a scrape may take; default: the global one"),
    static_configs: z.array(staticConfig).prefault([]).describe("Targets that are known beforehand"),
    body_size_limit: parsed(parseSize).prefault("32MB").describe("A larger page is a failed scrape"),
    sample_limit: z.int().min(1).prefault(50_000).describe("A page with more samples is a failed scrape"),
    label_value_length_limit: z.int().min(1).prefault(1024).describe("A longer label value fails the scrape; in bytes"),
  })
  .superRefine((written, ctx) => {
    const message = timeoutMistake(written.scrape_timeout, written.scrape_interval);
    if (message) ctx.addIssue({ code: "custom", message, path: ["scrape_timeout"] });
  }, onEveryMap)
  .transform(camelKeys);

/** `scrape_configs:`: which Tritons there are and how they are scraped; Prometheus' section, as far as it goes. */
export const scrapeConfigs = z
  .array(scrapeConfig)
  .prefault([])
  .describe("Which Tritons there are and how they are scraped");

export type ScrapeConfig = z.output<typeof scrapeConfig>;
