import { MODEL_FAMILIES } from "../models/metrics-facts.ts";
import { PromqlError } from "../promql/error.ts";
import { DEFAULT_LOOKBACK, needsOf, type SeriesNeed } from "../promql/needs.ts";
import { parseExpr } from "../promql/parse.ts";
import type { AlertRule, Rule, RuleGroup } from "../rules/types.ts";
import { watchesSeries } from "../rules/watch.ts";
import { Labels, METRIC_NAME } from "../series/labels.ts";
import { formatMatcher, type Matcher } from "../series/matchers.ts";
import { type DurationMs, durationMs, MINUTE } from "../series/time.ts";
import { selectorsOf } from "../signals/binding.ts";
import { FROZEN_FAMILIES } from "./frozen.ts";

/** Detectors look back one interval at most; a minute of rows more costs little and bridges failed scrapes. */
const LEAST_REACH = durationMs(2 * MINUTE);

/** The rules of all groups, and what they need of the store. */
export class RuleSet {
  readonly groups: readonly RuleGroup[];
  /** How far back the rules read. */
  readonly reach: DurationMs;
  readonly #needs: readonly SeriesNeed[];
  readonly #names: ReadonlySet<string>;
  readonly #patterns: readonly Matcher[];
  readonly #recorded: ReadonlySet<string>;
  readonly #ruleNames = new Map<AlertRule, Labels>();

  /** @param lookback how old the newest sample of a series may be */
  constructor(groups: readonly RuleGroup[], lookback: DurationMs = DEFAULT_LOOKBACK) {
    this.groups = groups;
    const needs = groups.flatMap((group) => group.rules.flatMap((rule) => needsOfRule(rule, group, lookback)));
    this.reach = durationMs(Math.max(LEAST_REACH, ...needs.map((need) => need.reach)));
    this.#needs = needs;
    this.#recorded = new Set(
      groups.flatMap(({ rules }) => rules.flatMap((r) => (r.kind === "record" ? [r.name] : []))),
    );
    const byName = needs.map((need) => need.matchers.find((m) => m.name === METRIC_NAME));
    this.#names = new Set([
      ...MODEL_FAMILIES,
      ...FROZEN_FAMILIES,
      ...byName.flatMap((m) => (m?.op === "=" ? [m.value] : [])),
    ]);
    // A selector without a metric name reads every family.
    this.#patterns = byName.map((m) => m ?? EVERYTHING).filter((m) => m.op !== "=");
  }

  /** Whether any rule, or the monitor itself, reads a family. */
  wants(family: string): boolean {
    return this.#names.has(family) || this.#patterns.some((pattern) => pattern.matches(family));
  }

  /** The families that are wanted, for whoever has to ask for them: by name, or by a matcher of the name. */
  get wanted(): { readonly names: Iterable<string>; readonly patterns: readonly Matcher[] } {
    return { names: this.#names, patterns: this.#patterns };
  }

  /** Whether these rules want the same families of a page as others, and own the same. */
  wantsLike(others: RuleSet): boolean {
    return this.#wanted() === others.#wanted();
  }

  #wanted(): string {
    const patterns = this.#patterns.map((pattern) => (pattern === EVERYTHING ? "" : formatMatcher(pattern)));
    return JSON.stringify([this.#names, patterns, this.#recorded].map((names) => [...new Set(names)].sort()));
  }

  /** Whether any rule reads a series of which these labels are known; what is not known of it may be anything. */
  reads(known: Labels): boolean {
    return this.#needs.some(({ matchers }) => {
      return matchers.every((m) => known.get(m.name) === undefined || m.matches(known.get(m.name) ?? ""));
    });
  }

  /** Whether a family is written by this program: no page of a target may speak for it. */
  owns(family: string): boolean {
    return OWN.has(family) || family.startsWith("triton_sentinel") || this.#recorded.has(family);
  }

  /**
   * What tells a rule's series apart: its name, and the constant labels in which rules of the same name differ (the resource
   * of TritonResourceExhaustion).
   */
  nameOf(rule: AlertRule): Labels {
    let name = this.#ruleNames.get(rule);
    if (!name) {
      const others = this.alertRules().filter((other) => other !== rule && other.name === rule.name);
      const differing = constants(rule).pairs.filter(([label, value]) =>
        others.some((other) => constants(other).get(label) !== value),
      );
      name = Labels.from([...differing, ["rule", rule.name]]);
      this.#ruleNames.set(rule, name);
    }
    return name;
  }

  alertRules(): readonly AlertRule[] {
    return this.groups.flatMap((group) => group.rules.filter((rule) => rule.kind === "alert"));
  }
}

/** The labels of a rule that are the same for each of its alerts. */
const constants = (rule: AlertRule): Labels =>
  Labels.from(
    rule.labels.flatMap(([name, { text, program }]) => (program === undefined ? [[name, text] as const] : [])),
  );

/** Series of Prometheus that are not a target's own words. */
const OWN: ReadonlySet<string> = new Set([
  "ALERTS",
  "ALERTS_FOR_STATE",
  "up",
  "scrape_duration_seconds",
  "scrape_samples_scraped",
]);

const EVERYTHING: Matcher = { name: METRIC_NAME, op: "!=", value: "", matches: () => true };

function needsOfRule(rule: Rule, { queryOffset }: RuleGroup, lookback: DurationMs): readonly SeriesNeed[] {
  if (rule.kind === "record") return earlier(needsOf(rule.tree, lookback), queryOffset);
  const queries = earlier(needsOfTemplates(rule, lookback), queryOffset);
  if (rule.condition.kind === "expr")
    return [...earlier(needsOf(rule.condition.tree, lookback), queryOffset), ...queries];
  const { detect } = rule.condition;
  if (!watchesSeries(detect)) return queries;
  return [...selectorsOf(detect.signal).map(({ matchers }) => ({ matchers, reach: durationMs(0) })), ...queries];
}

/** What the queries written out in a rule's templates read. One that is put together at run time finds what others need. */
function needsOfTemplates({ labels, annotations }: AlertRule, lookback: DurationMs): readonly SeriesNeed[] {
  const texts = [...labels, ...annotations].flatMap(([, { uses }]) => uses.queries.flatMap(({ text }) => text ?? []));
  return texts.flatMap((text) => {
    try {
      return needsOf(parseExpr(text), lookback);
    } catch (error) {
      // A wrong one says so in its annotation.
      if (error instanceof PromqlError) return [];
      throw error;
    }
  });
}

/** A group with a `query_offset` reads that much farther back. */
const earlier = (needs: readonly SeriesNeed[], offset: DurationMs): readonly SeriesNeed[] =>
  needs.map(({ matchers, reach }) => ({ matchers, reach: durationMs(reach + offset) }));
