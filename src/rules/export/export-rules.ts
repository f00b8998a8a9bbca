import { type DurationMs, durationMs, formatDuration } from "../../series/time.ts";
import type { AlertRule, Rule, RuleGroup } from "../types.ts";
import { headOf } from "./head.ts";
import { modelMemory } from "./model-memory.ts";
import { renderRuleFile, type WrittenGroup, type WrittenRule } from "./render.ts";
import { type Scales, scalesOf } from "./scales.ts";
import { scrapeMemory } from "./scrape-memory.ts";
import { type Translated, translateRules } from "./translate.ts";
import type { ExportOptions, Recording, RuleExport, Translation } from "./types.ts";

/**
 * Writes rules as recording and alerting rules of Prometheus, one file of YAML. Each says in a comment how far it means the same;
 * what would mean something else is left out and listed at the head. The same rules and options give the same text.
 * @param groups the rules as they run: loaded, with overrides applied
 */
export function exportRules(groups: readonly RuleGroup[], options: ExportOptions): RuleExport {
  const scales = scalesOf(options);
  const translated = translateRules(groups, scales, options);
  const rules = translated.map(({ rule, group, translation }) => ({
    name: rule.name,
    kind: rule.kind,
    group: group.name,
    position: rule.position,
    fidelity: translation.fidelity,
  }));
  const needed = new Set(translated.flatMap(({ translation }) => translation.memory));
  const written = [
    ...(needed.has("models")
      ? [memoryGroup("triton-sentinel-model-memory", modelMemory(scales, options), options)]
      : []),
    ...(needed.has("scrapes") ? [memoryGroup("triton-sentinel-scrape-memory", scrapeMemory(options), options)] : []),
    ...groups.flatMap((group) => groupsOf(group, translated, scales, options)),
  ];
  const files = [...new Set(groups.map(({ file }) => file))];
  return { text: renderRuleFile(headOf(files, rules, options), uniquelyNamed(written)), rules };
}

function memoryGroup(name: string, recordings: readonly Recording[], { interval }: ExportOptions): WrittenGroup {
  return { name, interval: formatDuration(interval), rules: recordings.map(recorded) };
}

/**
 * The groups one group becomes. Recording rules of detectors stand before their rule; they get a group of their own where they
 * are evaluated more often than it, or where the group's limit is meant for alerts. Baselines are evaluated more seldom.
 */
function groupsOf(
  group: RuleGroup,
  translated: readonly Translated[],
  scales: Scales,
  options: ExportOptions,
): readonly WrittenGroup[] {
  const own = translated.filter((one) => one.group === group && one.translation.fidelity.kind !== "refused");
  const interval = group.interval ?? options.interval;
  const apart = group.limit > 0 || interval !== options.interval;
  const alike: WrittenGroup = {
    name: group.name,
    interval: formatDuration(interval),
    ...(group.queryOffset > 0 && {
      [options.dialect === "prometheus" ? "query_offset" : "eval_delay"]: formatDuration(group.queryOffset),
    }),
    ...(group.limit > 0 && { limit: group.limit }),
    rules: own.flatMap((one) => (apart ? [ruleOf(one)] : [...one.translation.recordings.map(recorded), ruleOf(one)])),
  };
  const fast = apart ? own.flatMap(({ translation }) => translation.recordings.map(recorded)) : [];
  const baselines = own.flatMap(({ translation }) => translation.baselines.map(recorded));
  const named = (suffix: string, length: DurationMs, rules: readonly WrittenRule[]): WrittenGroup => ({
    name: `${group.name}-${suffix}`,
    interval: formatDuration(length),
    rules,
  });
  return [
    named("signals", options.interval, fast),
    alike,
    named("baselines", scales.baselineInterval, baselines),
  ].filter(({ rules }) => rules.length > 0);
}

function recorded({ name, expr, labels }: Recording): WrittenRule {
  return { record: name, expr, ...(Object.keys(labels).length > 0 && { labels }) };
}

function ruleOf({ rule, translation }: Translated): WrittenRule {
  const { fidelity, expr } = translation;
  const why = fidelity.why === undefined ? "" : `: ${fidelity.why}`;
  const comment = [`${placeOf(rule)}`, `fidelity: ${fidelity.kind}${why}`, ...reasonsOf(rule)].join("\n");
  if (rule.kind === "record") {
    const labels = Object.fromEntries(rule.labels);
    return { comment, record: rule.name, expr, ...(rule.labels.length > 0 && { labels }) };
  }
  return { comment, alert: rule.name, expr, ...timesOf(rule, translation), ...textsOf(rule) };
}

function timesOf(rule: AlertRule, { holds = durationMs(0) }: Translation) {
  const keep = durationMs(rule.keepFiringFor - holds);
  return {
    ...(rule.for > 0 && { for: formatDuration(rule.for) }),
    ...(keep > 0 && { keep_firing_for: formatDuration(keep) }),
  };
}

function textsOf({ labels, annotations }: AlertRule) {
  const texts = (pairs: AlertRule["labels"]) => Object.fromEntries(pairs.map(([name, { text }]) => [name, text]));
  return {
    ...(labels.length > 0 && { labels: texts(labels) }),
    ...(annotations.length > 0 && { annotations: texts(annotations) }),
  };
}

const placeOf = ({ position: { file, line } }: Rule): string => `${file}:${line}`;

const reasonsOf = (rule: Rule): readonly string[] =>
  rule.kind === "alert" ? rule.except.map(({ reason }) => `except: ${reason}`) : [];

/** Groups of several files may have one name; in one file they may not. */
function uniquelyNamed(groups: readonly WrittenGroup[]): readonly WrittenGroup[] {
  const taken = new Set<string>();
  return groups.map((group) => {
    let { name } = group;
    for (let i = 2; taken.has(name); i++) name = `${group.name}-${i}`;
    taken.add(name);
    return { ...group, name };
  });
}
