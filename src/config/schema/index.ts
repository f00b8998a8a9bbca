import { z } from "zod";
import { deployments } from "./deployments.ts";
import { evaluation } from "./evaluation.ts";
import { exporter } from "./exporter.ts";
import { global } from "./global.ts";
import { log } from "./log.ts";
import { packagedRules, ruleFiles } from "./rules.ts";
import { scrapeConfigs } from "./scrape-configs.ts";
import { storage } from "./storage.ts";
import { web } from "./web.ts";

/** The sections of the config file; a new one is a file beside this and a line here. */
export const configSchema = z.strictObject({
  global,
  scrape_configs: scrapeConfigs,
  rule_files: ruleFiles,
  packaged_rules: packagedRules,
  evaluation,
  deployments,
  storage,
  exporter,
  web,
  log,
});
