import { type Checked, check, formatPath } from "../documents/check.ts";
import { mistakeAt, sortMistakes } from "../documents/mistakes.ts";
import { spanAt } from "../documents/nodes.ts";
import { readDocument } from "../documents/read-document.ts";
import { Labels } from "../series/labels.ts";
import { parseTargetUrl } from "./address.ts";
import type { Config, Sections, Target } from "./config.ts";
import { expandEnvironment } from "./environment.ts";
import { configSchema } from "./schema/index.ts";
import { camelKeys } from "./schema/section.ts";
import { defaultTimeout, duplicateMessage, flattenTargets, isNew } from "./targets.ts";

/** What came of loading a config file. */
export type LoadedConfig =
  | { readonly kind: "ok"; readonly config: Config }
  | Extract<Checked<never>, { readonly kind: "mistakes" }>;

/** The job of targets given on the command line. */
const DEFAULT_JOB = "triton";

/**
 * Loads a config file. Every mistake is reported at once; only what concerns several scrape configs together is looked at
 * once each of them is right.
 * @param env the environment, for `${NAME}` and `${NAME:-default}` in values
 */
export function loadConfig(file: string, text: string, env: ReadonlyMap<string, string>): LoadedConfig {
  const document = expandEnvironment(readDocument(file, text), env);
  const checked = check(document, configSchema);
  if (checked.kind === "mistakes") return checked;
  const sections = camelKeys(checked.value);
  const { targets, misfits } = flattenTargets(sections);
  const { root } = document;
  if (misfits.length > 0 && root !== undefined) {
    const mistakes = misfits.map((m) => mistakeAt(spanAt(root, m.path), `${formatPath(m.path)}: ${m.message}`));
    return { kind: "mistakes", mistakes: sortMistakes(mistakes) };
  }
  return { kind: "ok", config: assemble(sections, targets) };
}

/**
 * The config of `run URL…` without a file: every default, and one job with these targets.
 * @throws RangeError naming every URL that cannot be used.
 */
export function defaultConfig(urls: readonly string[]): Config {
  // An empty scrape config knows the defaults of a scrape.
  const sections = camelKeys(configSchema.parse({ scrape_configs: [{ job_name: DEFAULT_JOB }] }));
  const scrape = sections.scrapeConfigs[0]!;
  const { scrapeInterval } = sections.global;
  const seen = new Set<string>();
  const targets: Target[] = [];
  const mistakes: string[] = [];
  for (const text of urls) {
    try {
      const { url, instance } = parseTargetUrl(text);
      const { bodySizeLimit, sampleLimit, labelValueLengthLimit } = scrape;
      const scrapeTimeout = defaultTimeout(scrapeInterval);
      const limits = { scrapeInterval, scrapeTimeout, bodySizeLimit, sampleLimit, labelValueLengthLimit };
      const labels = Labels.of({ job: DEFAULT_JOB, instance });
      const target: Target = { job: DEFAULT_JOB, url, instance, labels, ...limits };
      if (isNew(target, seen)) targets.push(target);
      else mistakes.push(duplicateMessage(target));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      mistakes.push(error.message);
    }
  }
  if (mistakes.length > 0) throw new RangeError(mistakes.join("\n"));
  return assemble(sections, targets);
}

function assemble({ scrapeConfigs: _, ...sections }: Sections, targets: readonly Target[]): Config {
  const config: Config = { ...sections, targets };
  freeze(config);
  return config;
}

/** Freezes an object and everything plain in it. */
function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const child of Object.values(value)) freeze(child);
}
