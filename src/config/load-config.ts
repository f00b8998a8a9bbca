import { type Checked, check, formatPath } from "../documents/check.ts";
import { mistakeAt, sortMistakes } from "../documents/mistakes.ts";
import { spanAt } from "../documents/nodes.ts";
import { readDocument } from "../documents/read-document.ts";
import { Labels } from "../series/labels.ts";
import type { ScrapeJob } from "../targets/job.ts";
import { parseTargetUrl } from "./address.ts";
import type { Config, Sections } from "./config.ts";
import { expandEnvironment } from "./environment.ts";
import { absolutePaths, folderOf, isPlain } from "./file-path.ts";
import { explainForeignFields } from "./foreign-fields.ts";
import { hideSecrets } from "./hide-secrets.ts";
import { buildJobs, defaultTimeout, duplicateMessage, isNew } from "./jobs.ts";
import { configSchema } from "./schema/index.ts";
import { camelKeys } from "./schema/section.ts";

/** What came of loading a config file. */
export type LoadedConfig =
  | { readonly kind: "ok"; readonly config: Config }
  | Extract<Checked<never>, { readonly kind: "mistakes" }>;

/** The job of targets given on the command line. */
const DEFAULT_JOB = "triton";

/**
 * Loads a config file. Every mistake is reported at once; only what concerns several scrape configs together is looked at
 * once each of them is right. No mistake shows a secret.
 * @param file what mistakes call the file
 * @param env the environment, for `${NAME}` and `${NAME:-default}` in values
 * @param folder where relative paths in the file begin; for absolute paths in the config it must be absolute
 */
export function loadConfig(
  file: string,
  text: string,
  env: ReadonlyMap<string, string>,
  folder: string = folderOf(file),
): LoadedConfig {
  const document = expandEnvironment(readDocument(file, text), env);
  const checked = check(document, configSchema);
  if (checked.kind === "mistakes") {
    return { kind: "mistakes", mistakes: hideSecrets(explainForeignFields(checked.mistakes), document) };
  }
  const sections = camelKeys(checked.value);
  const { jobs, misfits } = buildJobs(sections);
  const { root } = document;
  if (misfits.length > 0 && root !== undefined) {
    const mistakes = misfits.map((m) => mistakeAt(spanAt(root, m.path), `${formatPath(m.path)}: ${m.message}`));
    return { kind: "mistakes", mistakes: hideSecrets(sortMistakes(mistakes), document) };
  }
  return { kind: "ok", config: assemble(sections, jobs, folder) };
}

/**
 * The config of `run URL…` without a file: every default, and one job with these targets.
 * @throws RangeError naming every URL that cannot be used.
 */
export function defaultConfig(urls: readonly string[]): Config {
  const stand = { job_name: DEFAULT_JOB, static_configs: [{ targets: [] }] };
  const sections = camelKeys(configSchema.parse({ scrape_configs: [stand] }));
  const { scrapeInterval } = sections.global;
  const groups = new Map<string, { labels: Labels; targets: string[] }>();
  const seen = new Set<string>();
  const mistakes: string[] = [];
  for (const text of urls) {
    try {
      const { url, instance } = parseTargetUrl(text);
      const labels = scrapeLabels(url);
      const group = groups.get(labels.key) ?? { labels, targets: [] };
      groups.set(labels.key, group);
      if (isNew(instance, seen)) group.targets.push(instance);
      else mistakes.push(duplicateMessage(instance, DEFAULT_JOB));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      mistakes.push(error.message);
    }
  }
  if (mistakes.length > 0) throw new RangeError(mistakes.join("\n"));
  const job: ScrapeJob = {
    ...sections.scrapeConfigs[0]!,
    scrapeInterval,
    scrapeTimeout: defaultTimeout(scrapeInterval),
    discoveries: [...groups.values()].map((group) => ({ kind: "static", ...group })),
  };
  return assemble(sections, [job], ".");
}

/** What a URL says beside its address, as the labels by which a target's scheme, path and parameters are set. */
function scrapeLabels(text: string): Labels {
  const { protocol, pathname, searchParams } = new URL(text);
  const labels = new Map<string, string>();
  if (protocol !== "http:") labels.set("__scheme__", protocol.slice(0, -1));
  if (pathname !== "/metrics") labels.set("__metrics_path__", pathname);
  for (const [name, value] of searchParams) {
    if (labels.has(`__param_${name}`) || name === "" || value === "") {
      const wanted = "expected every parameter once, with a value";
      throw new RangeError(`Cannot use target ${JSON.stringify(text)}: ${wanted}`);
    }
    labels.set(`__param_${name}`, value);
  }
  return Labels.from(labels);
}

function assemble({ scrapeConfigs: _, ...sections }: Sections, jobs: readonly ScrapeJob[], folder: string): Config {
  const config: Config = absolutePaths({ ...sections, jobs }, folder);
  freeze(config);
  return config;
}

/** Freezes an object and everything plain in it; what has a class of its own looks after itself. */
function freeze(value: unknown): void {
  if ((!isPlain(value) && !Array.isArray(value)) || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const child of Object.values(value)) freeze(child);
}
