import { dirname, resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { defaultConfig, loadConfig } from "../config/load-config.ts";
import { DEFAULT_PAGE_LIMITS } from "../exposition/page.ts";
import { DEFAULT_PAGE_RULES, type PageRules, type ReloadableOptions } from "../monitor/options.ts";
import { RuleSet } from "../monitor/rule-set.ts";
import type { Labels } from "../series/labels.ts";
import { type DurationMs, durationMs } from "../series/time.ts";
import { calendarOf } from "../series/time-zone.ts";
import type { ScrapeJob } from "../targets/job.ts";
import { loadRuleGroups, mistakesOf, type RuleSources, readText } from "./rule-files.ts";
import { UserMistake } from "./user-mistake.ts";

/** What the command line says about configuration and rules. */
export interface Given {
  readonly config?: string;
  /** Replaces the packaged pack and the config's rule files. */
  readonly rules?: readonly string[];
  readonly urls: readonly string[];
}

export interface Settings {
  readonly config: Config;
  readonly rules: RuleSources;
  /** What in the configuration is probably not meant, a line each. */
  readonly warnings?: readonly string[];
}

/**
 * Reads the configuration a command runs with: the file named, or every default with the URLs given.
 * @throws UserMistake with everything that is wrong
 */
export async function readSettings(given: Given): Promise<Settings> {
  const { config, warnings } =
    given.config === undefined ? { config: fromUrls(given.urls), warnings: [] } : await fromFile(given.config);
  const base = given.config === undefined ? process.cwd() : dirname(resolve(given.config));
  if (given.rules) return { config, warnings, rules: { packaged: false, patterns: given.rules, base: process.cwd() } };
  return { config, warnings, rules: { packaged: config.packagedRules, patterns: config.ruleFiles, base } };
}

/**
 * What a world is made of under this configuration.
 * @param jobOf the job a target belongs to; where there is none its pages are read as by default
 * @throws UserMistake with everything that is wrong with the rules
 */
export async function worldOptions(
  { config, rules }: Settings,
  interval: DurationMs,
  jobOf: (target: Labels) => ScrapeJob | undefined = () => undefined,
): Promise<ReloadableOptions> {
  const { evaluation, deployments, global, storage } = config;
  return {
    rules: new RuleSet(await loadRuleGroups(rules), evaluation.lookback),
    evaluation: {
      interval: global.evaluationInterval ?? interval,
      lookback: evaluation.lookback,
      onError: evaluation.onError,
      onUnknown: evaluation.onUnknown,
      holdFor: evaluation.holdFor,
      calendar: calendarOf(evaluation.timeZone, evaluation.weekend),
    },
    falseAlarmsPerWeek: config.sensitivity.falseAlarmsPerWeek,
    windows: deployments.map(({ name, reason, match, window }) => ({
      name,
      reason: reason ?? "",
      match,
      times: window.kind === "span" ? { kind: "span", from: window.from, until: window.to } : window,
    })),
    historyBytes: storage.historyBytes,
    subjectHistoryBytes: storage.subjectHistoryBytes,
    page: (target) => pageRulesOf(jobOf(target)),
    externalLabels: global.externalLabels,
    externalURL: externalUrlOf(config),
  };
}

function pageRulesOf(job: ScrapeJob | undefined): PageRules {
  if (job === undefined) return DEFAULT_PAGE_RULES;
  const { sampleLimit: samples, labelValueLengthLimit: labelValueLength, honorLabels, metricRelabel } = job;
  return { limits: { ...DEFAULT_PAGE_LIMITS, samples, labelValueLength }, honorLabels, metricRelabel };
}

/** Where people reach the program: what the configuration says, else where it listens. Without a slash at the end. */
export function externalUrlOf({ web: { externalUrl, listenAddress } }: Pick<Config, "web">): string {
  const { host, port } = listenAddress;
  const named = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return (externalUrl ?? `http://${named}:${port}`).replace(/\/+$/, "");
}

/** The shortest scrape interval of a configuration: the default for evaluating `expr:` rules. */
export function shortestInterval({ jobs, global }: Config): DurationMs {
  let shortest = jobs[0]?.scrapeInterval ?? global.scrapeInterval;
  for (const { scrapeInterval } of jobs) shortest = durationMs(Math.min(shortest, scrapeInterval));
  return shortest;
}

function fromUrls(urls: readonly string[]): Config {
  try {
    return defaultConfig(urls);
  } catch (error) {
    if (error instanceof RangeError) throw new UserMistake(error.message);
    throw error;
  }
}

async function fromFile(path: string): Promise<Required<Pick<Settings, "config" | "warnings">>> {
  const { text } = await readText(path);
  const loaded = loadConfig(path, text, environment(), dirname(resolve(path)));
  if (loaded.kind === "mistakes") throw mistakesOf(loaded.mistakes);
  const warnings = loaded.warnings.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  return { config: loaded.config, warnings };
}

/** The process's environment variables. */
export function environment(): ReadonlyMap<string, string> {
  return new Map(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
