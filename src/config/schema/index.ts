import { z } from "zod";
import { alerting } from "./alerting.ts";
import { deployments } from "./deployments.ts";
import { evaluation } from "./evaluation.ts";
import { exporter } from "./exporter.ts";
import { global } from "./global.ts";
import { inhibitRules } from "./inhibit.ts";
import { log } from "./log.ts";
import { outputs } from "./outputs.ts";
import { packagedRules, ruleFiles } from "./rules.ts";
import { scrapeConfigs } from "./scrape-configs.ts";
import { sensitivity } from "./sensitivity.ts";
import { storage } from "./storage.ts";
import { web } from "./web.ts";

/** The sections of the config file; a new one is a file beside this and a line here. */
export const configSchema = z.strictObject({
  global,
  scrape_configs: scrapeConfigs,
  rule_files: ruleFiles,
  packaged_rules: packagedRules,
  alerting,
  outputs,
  inhibit_rules: inhibitRules,
  evaluation,
  sensitivity,
  deployments,
  storage,
  exporter,
  web,
  log,
});
