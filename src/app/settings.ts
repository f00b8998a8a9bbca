import { dirname, resolve } from "node:path";
import { Deployments } from "../alerts/deployments.ts";
import type { Config } from "../config/config.ts";
import { defaultConfig, loadConfig } from "../config/load-config.ts";
import { DEFAULT_PAGE_LIMITS } from "../exposition/page.ts";
import { RuleSet } from "../monitor/rule-set.ts";
import type { WorldOptions } from "../monitor/world.ts";
import { type DurationMs, durationMs } from "../series/time.ts";
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
}

/**
 * Reads the configuration a command runs with: the file named, or every default with the URLs given.
 * @throws UserMistake with everything that is wrong
 */
export async function readSettings(given: Given): Promise<Settings> {
  const config = given.config === undefined ? fromUrls(given.urls) : await fromFile(given.config);
  const base = given.config === undefined ? process.cwd() : dirname(resolve(given.config));
  if (given.rules) return { config, rules: { packaged: false, patterns: given.rules, base: process.cwd() } };
  return { config, rules: { packaged: config.packagedRules, patterns: config.ruleFiles, base } };
}

/**
 * What a world is made of under this configuration.
 * @param interval how often `expr:` rules run where the config does not say
 * @throws UserMistake with everything that is wrong with the rules
 */
export async function worldOptions({ config, rules }: Settings, interval: DurationMs): Promise<WorldOptions> {
  const { evaluation, deployments, global, storage, web } = config;
  return {
    rules: new RuleSet(await loadRuleGroups(rules), evaluation.lookback),
    evaluation: {
      interval: global.evaluationInterval ?? interval,
      lookback: evaluation.lookback,
      onError: evaluation.onError,
      onUnknown: evaluation.onUnknown,
      holdFor: evaluation.holdFor,
    },
    deployments: new Deployments(
      deployments.map(({ name, reason, match, window }) => ({
        name,
        reason: reason ?? "",
        match,
        times: window.kind === "span" ? { kind: "span", from: window.from, until: window.to } : window,
      })),
    ),
    historyBytes: storage.historyBytes,
    limits: limitsOf(config),
    externalLabels: global.externalLabels,
    externalURL: web.externalUrl ?? "",
  };
}

/** The limits of each target's page, from its scrape config. */
function limitsOf({ targets }: Config): WorldOptions["limits"] {
  const byTarget = new Map(
    targets.map(({ labels, sampleLimit, labelValueLengthLimit }) => [
      labels.key,
      { ...DEFAULT_PAGE_LIMITS, samples: sampleLimit, labelValueLength: labelValueLengthLimit },
    ]),
  );
  return (target) => byTarget.get(target.key) ?? DEFAULT_PAGE_LIMITS;
}

/** The shortest scrape interval of a configuration: the default for evaluating `expr:` rules. */
export function shortestInterval({ targets, global }: Config): DurationMs {
  let shortest = targets[0]?.scrapeInterval ?? global.scrapeInterval;
  for (const { scrapeInterval } of targets) shortest = durationMs(Math.min(shortest, scrapeInterval));
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

async function fromFile(path: string): Promise<Config> {
  const { text } = await readText(path);
  const loaded = loadConfig(path, text, environment());
  if (loaded.kind === "mistakes") throw mistakesOf(loaded.mistakes);
  return loaded.config;
}

/** The process's environment variables. */
export function environment(): ReadonlyMap<string, string> {
  return new Map(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
