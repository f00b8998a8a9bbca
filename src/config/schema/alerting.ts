import { z } from "zod";
import { onEveryMap, positiveDuration } from "../../documents/fields.ts";
import { told } from "../address.ts";
import type { AlertmanagerGroup } from "../deliveries.ts";
import { plainDiscoveryShape, requireDiscovery } from "./discovery.ts";
import { httpMistakes, httpOptions, httpShape } from "./http.ts";
import { relabelConfigs } from "./relabel.ts";

const DISCOVERIES = Object.keys(plainDiscoveryShape);

const alertmanager = z
  .strictObject({
    scheme: z.enum(["http", "https"]).prefault("http").describe("How Alertmanagers are spoken to"),
    path_prefix: z
      .string()
      .regex(/^\/[^\s?#]*$/, {
        error: (issue) => `Cannot use path prefix ${told(String(issue.input))}: expected for example "/alertmanager"`,
      })
      .prefault("/")
      .describe("What stands before /api/v2/alerts"),
    api_version: z.enum(["v2"]).prefault("v2").describe("Which API is spoken; there is one"),
    timeout: positiveDuration.prefault("10s").describe("How long one request may take"),
    ...plainDiscoveryShape,
    relabel_configs: relabelConfigs.describe("What becomes of addresses that were found"),
    alert_relabel_configs: relabelConfigs.describe("What becomes of alerts for these Alertmanagers alone"),
    ...httpShape,
  })
  .superRefine((written, ctx) => {
    httpMistakes(written, ctx);
    requireDiscovery(written, DISCOVERIES, ctx);
  }, onEveryMap)
  .transform(
    (written): AlertmanagerGroup => ({
      scheme: written.scheme,
      pathPrefix: written.path_prefix.replace(/\/+$/, ""),
      timeout: written.timeout,
      http: httpOptions(written),
      relabel: written.relabel_configs,
      alertRelabel: written.alert_relabel_configs,
      discoveries: [...written.static_configs, ...written.file_sd_configs, ...written.dns_sd_configs],
    }),
  );

/** `alerting:`: the Alertmanagers alerts are sent to; Prometheus' section. */
export const alerting = z
  .strictObject({
    alert_relabel_configs: relabelConfigs.describe("What becomes of alerts before they leave the program"),
    alertmanagers: z.array(alertmanager).prefault([]).describe("Alertmanagers; each one found gets every alert"),
    resend_delay: positiveDuration
      .prefault("1m")
      .describe("How often firing alerts are sent again, so that Alertmanagers keep believing them"),
  })
  .transform(({ alert_relabel_configs, alertmanagers, resend_delay }) => ({
    relabel: alert_relabel_configs,
    alertmanagers,
    resendDelay: resend_delay,
  }))
  .prefault({})
  .describe("The Alertmanagers that alerts are sent to");
