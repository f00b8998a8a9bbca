import { type Checked, check, formatPath } from "../documents/check.ts";
import { type Mistake, mistakeAt, sortMistakes } from "../documents/mistakes.ts";
import { type Document, type Path, spanAt } from "../documents/nodes.ts";
import { readDocument } from "../documents/read-document.ts";
import { Labels } from "../series/labels.ts";
import type { ScrapeJob } from "../targets/job.ts";
import { parseTargetUrl, told } from "./address.ts";
import type { Config, Sections } from "./config.ts";
import { expandEnvironment } from "./environment.ts";
import { absolutePaths, folderOf, isPlain } from "./file-path.ts";
import { explainForeignFields } from "./foreign-fields.ts";
import { hideSecrets } from "./hide-secrets.ts";
import { buildJobs, defaultTimeout } from "./jobs.ts";
import { localLinks } from "./local-links.ts";
import { duplicateMessage, isNew, type Misfit, misfitsOf } from "./misfits.ts";
import { configSchema } from "./schema/index.ts";
import { camelKeys } from "./schema/section.ts";

/** What came of loading a config file. */
export type LoadedConfig =
  | {
      readonly kind: "ok";
      readonly config: Config;
      /** What works and is probably not meant. */
      readonly warnings: readonly Mistake[];
      /** A warning at a path of the file, for what only those know who look beyond it: see `namedFiles`. */
      warning(path: Path, message: string): Mistake;
    }
  | Extract<Checked<never>, { readonly kind: "mistakes" }>;

/** The job of targets given on the command line. */
const DEFAULT_JOB = "triton";

/**
 * Loads a config file. Every mistake is reported at once, those between several scrape configs too. No mistake shows a secret.
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
  const misfits = document.root === undefined ? [] : misfitsOf(document.root);
  if (checked.kind === "mistakes" || misfits.length > 0) {
    const alone = checked.kind === "mistakes" ? explainForeignFields(checked.mistakes) : [];
    const between = misfits.map((misfit) => placed(document, misfit, "error"));
    return { kind: "mistakes", mistakes: hideSecrets(sortMistakes([...alone, ...between]), document) };
  }
  const sections = camelKeys(checked.value);
  const config = assemble(sections, buildJobs(sections), folder);
  const warned = (about: readonly Misfit[]) =>
    hideSecrets(
      about.map((one) => placed(document, one, "warning")),
      document,
    );
  const warning = (path: Path, message: string) => warned([{ path, message }])[0]!;
  return { kind: "ok", config, warnings: warned(localLinks(config)), warning };
}

function placed({ root, source }: Document, { path, message }: Misfit, severity: Mistake["severity"]): Mistake {
  const span = root === undefined ? { source, from: 0, to: 0 } : spanAt(root, path);
  return mistakeAt(span, `${formatPath(path)}: ${message}`, severity);
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
      else mistakes.push(duplicateMessage(JSON.stringify(instance), JSON.stringify(DEFAULT_JOB)));
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
      throw new RangeError(`Cannot use target ${told(text)}: ${wanted}`);
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
