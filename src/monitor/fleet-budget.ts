import type { DetectorTest } from "../detectors/detector.ts";
import type { AlertRule } from "../rules/types.ts";
import { DAY, type EpochMs, MINUTE } from "../series/time.ts";
import type { TargetRules } from "./target-rules.ts";
import type { TargetState } from "./target-state.ts";

const WEEK_SECONDS = (7 * DAY) / 1000;
/** So often subjects and looks are counted. */
const COUNT_EVERY = MINUTE;
/** How fast the count follows a fleet that grows or shrinks: whoever invents models for an hour hardly moves a threshold. */
const FOLLOW = DAY;
/** How fast a target's spacing of scrapes is followed, for each scrape. */
const SPACING_GAIN = 0.1;

/** What a budget of false alarms asks of one rule. */
export interface RuleBudget {
  readonly rule: AlertRule;
  /** What it watches now, over all targets. */
  readonly subjects: number;
  /** Looks a week: each test it listens to of each subject, once a scrape, or once in its window where that is longer. */
  readonly looks: number;
  /** Nats at which its tests fire by themselves: with this one threshold at every look they would fire as often by chance. */
  readonly own: number;
  /** By how much that is raised. */
  readonly raise: number;
}

/** What counting the fleet came to. */
export interface BudgetReport {
  readonly perWeek: number;
  /** Of all rules together, smoothed. */
  readonly looks: number;
  /** Nats every look must reach. */
  readonly needed: number;
  readonly rules: readonly RuleBudget[];
}

interface Tally {
  subjects: number;
  looks: number;
  /** Looks, each times the chance e^−threshold that it fires when all is well. */
  chances: number;
}

/**
 * A budget of false alarms for the whole fleet, turned into thresholds. With calibrated evidence a look fires by chance with
 * e^−h; so that N looks a week give B false alarms, h = ln(N / B). A rule whose tests ask for less is raised by the difference,
 * one whose tests ask for more stays as it is: a budget may only raise thresholds. (Bonferroni's bound over subjects and looks.)
 */
export class FleetBudget {
  /** False alarms a week for the whole fleet; undefined raises nothing. */
  #perWeek: number | undefined;
  /** Mean logarithm of looks a week, and over how much time it is taken. */
  #logLooks = 0;
  #seconds = 0;
  #countedAt: EpochMs | undefined;
  #rules: ReadonlyMap<AlertRule, RuleBudget> = new Map();
  readonly #spacing = new WeakMap<TargetState, number>();

  constructor(perWeek: number | undefined) {
    this.#perWeek = perWeek;
  }

  /** Goes on with another budget, or other rules: what was counted before counts no more. */
  replace(perWeek: number | undefined): void {
    this.#perWeek = perWeek;
    this.#countedAt = undefined;
    this.#rules = new Map();
  }

  /** Takes note of the seconds between two pages of a target. */
  note(target: TargetState, seconds: number): void {
    if (this.#perWeek === undefined || !(seconds > 0)) return;
    const known = this.#spacing.get(target) ?? seconds;
    this.#spacing.set(target, known + SPACING_GAIN * (seconds - known));
  }

  /** Nats by which a rule's thresholds are higher than its own. */
  raiseOf(rule: AlertRule): number {
    return this.#rules.get(rule)?.raise ?? 0;
  }

  /** What was counted last; undefined without a budget, and before the first count. */
  get report(): BudgetReport | undefined {
    if (this.#perWeek === undefined || this.#countedAt === undefined) return undefined;
    return {
      perWeek: this.#perWeek,
      looks: Math.exp(this.#logLooks),
      needed: this.#needed,
      rules: [...this.#rules.values()],
    };
  }

  get #needed(): number {
    return Math.max(0, this.#logLooks - Math.log(this.#perWeek!));
  }

  /** Counts the fleet, at most once a minute. */
  count(fleet: Iterable<readonly [TargetState, TargetRules]>, at: EpochMs): void {
    if (this.#perWeek === undefined) return;
    const since = this.#countedAt === undefined ? undefined : at - this.#countedAt;
    if (since !== undefined && since < COUNT_EVERY) return;
    const tallies = this.#tally(fleet);
    let looks = 0;
    for (const tally of tallies.values()) looks += tally.looks;
    if (looks === 0) return;
    this.#follow(Math.log(looks), since);
    this.#countedAt = at;
    const needed = this.#needed;
    this.#rules = new Map([...tallies].map(([rule, tally]) => [rule, budgetOf(rule, tally, needed)]));
  }

  /** A mean over all that was counted, and after a day over about a day. */
  #follow(logLooks: number, since: number | undefined): void {
    this.#seconds = since === undefined ? 0 : this.#seconds + since;
    const part = since === undefined ? 1 : Math.max(since / this.#seconds, Math.min(1, since / FOLLOW));
    this.#logLooks += part * (logLooks - this.#logLooks);
  }

  #tally(fleet: Iterable<readonly [TargetState, TargetRules]>): ReadonlyMap<AlertRule, Tally> {
    const tallies = new Map<AlertRule, Tally>();
    for (const [target, rules] of fleet) {
      const spacing = this.#spacing.get(target);
      if (spacing === undefined) continue;
      for (const [rule, judge] of rules.judges()) {
        if (judge.read === 0 || rule.condition.kind !== "detect") continue;
        const tests = judge.watch.detector.tests(rule.condition.detect);
        if (tests.length === 0) continue;
        const tally = tallies.get(rule) ?? { subjects: 0, looks: 0, chances: 0 };
        tallies.set(rule, tally);
        add(tally, judge.read, spacing, tests);
      }
    }
    return tallies;
  }
}

function add(tally: Tally, subjects: number, spacing: number, tests: readonly DetectorTest[]): void {
  tally.subjects += subjects;
  for (const { window, threshold } of tests) {
    const looks = (subjects * WEEK_SECONDS) / Math.max(spacing, window);
    tally.looks += looks;
    tally.chances += looks * Math.exp(-threshold);
  }
}

function budgetOf(rule: AlertRule, { subjects, looks, chances }: Tally, needed: number): RuleBudget {
  const own = Math.log(looks / chances);
  return { rule, subjects, looks, own, raise: Math.max(0, needed - own) };
}
