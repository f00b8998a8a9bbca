import { z } from "zod";
import { onEveryMap, positiveDuration } from "../../documents/fields.ts";
import type { DiscoveryOptions } from "../../targets/job.ts";
import { told } from "../address.ts";
import { httpSdConfigs, plainDiscoveryShape, requireDiscovery } from "./discovery.ts";
import { timeoutMistake } from "./global.ts";
import { httpMistakes, httpOptions, httpShape } from "./http.ts";
import { kubernetesSdConfigs } from "./kubernetes.ts";
import { relabelConfigs } from "./relabel.ts";
import { camelKeys, said } from "./section.ts";
import { size } from "./size.ts";

const discoveryShape = {
  static_configs: plainDiscoveryShape.static_configs,
  file_sd_configs: plainDiscoveryShape.file_sd_configs,
  http_sd_configs: httpSdConfigs,
  dns_sd_configs: plainDiscoveryShape.dns_sd_configs,
  kubernetes_sd_configs: kubernetesSdConfigs,
};
const DISCOVERIES = Object.keys(discoveryShape) as readonly (keyof typeof discoveryShape)[];

const scrapeConfig = z
  .strictObject({
    job_name: z.string().min(1).describe("The job label of the targets; once in a file"),
    scheme: z.enum(["http", "https"]).prefault("http").describe("How targets are asked"),
    metrics_path: z
      .string()
      .regex(/^\/[^\s?#]*$/, {
        error: (issue) => `Cannot use path ${told(String(issue.input))}: expected for example "/metrics"`,
      })
      .prefault("/metrics")
      .describe("Where targets serve their metrics"),
    scrape_interval: positiveDuration
      .optional()
      .describe("How often these targets are scraped; default: the global one"),
    scrape_timeout: positiveDuration.optional().describe("How long a scrape may take; default: the global one"),
    ...discoveryShape,
    relabel_configs: relabelConfigs.describe("What becomes of targets that were found, before they are scraped"),
    metric_relabel_configs: relabelConfigs.describe("What becomes of the samples of a page, before they are stored"),
    ...httpShape,
    body_size_limit: size.prefault("32MB").describe("A larger page is a failed scrape"),
    sample_limit: z.int().min(1).prefault(50_000).describe("A page with more samples is a failed scrape"),
    label_value_length_limit: z
      .int()
      .min(1)
      .prefault(1024)
      .describe("A line with a longer label value (in bytes, as written on the page) is skipped and counted"),
    honor_labels: z
      .boolean()
      .prefault(false)
      .describe(
        "Whether labels on the page win over those of the target; else they are renamed to exported_…, as those named job and instance always are",
      ),
  })
  .superRefine((written, ctx) => {
    const message = timeoutMistake(written.scrape_timeout, written.scrape_interval);
    if (message) ctx.addIssue({ code: "custom", message, path: ["scrape_timeout"] });
    httpMistakes(written, ctx);
    requireDiscovery(written, DISCOVERIES, ctx);
  }, onEveryMap)
  .transform((written) => {
    const { basic_auth, authorization, tls_config, relabel_configs, metric_relabel_configs, ...others } = written;
    const { static_configs, file_sd_configs, http_sd_configs, dns_sd_configs, kubernetes_sd_configs, ...rest } = others;
    const discoveries: readonly DiscoveryOptions[] = [
      ...static_configs,
      ...file_sd_configs,
      ...http_sd_configs,
      ...dns_sd_configs,
      ...kubernetes_sd_configs,
    ];
    return {
      ...said(camelKeys(rest)),
      http: httpOptions({ basic_auth, authorization, tls_config }),
      relabel: relabel_configs,
      metricRelabel: metric_relabel_configs,
      discoveries,
    };
  });

/** `scrape_configs:`: which Tritons there are and how they are scraped; Prometheus' section, as far as it goes. */
export const scrapeConfigs = z
  .array(scrapeConfig)
  .prefault([])
  .describe("Which Tritons there are and how they are scraped");
