import { isLoad, type LoadEvent, type ModelEvent } from "../models/events.ts";
import { Judge } from "../rules/judge.ts";
import type { Kinship } from "../rules/siblings.ts";
import type { AlertRule, Detect } from "../rules/types.ts";
import { type SeriesDetect, Watch, type Watched, watchesSeries } from "../rules/watch.ts";
import type { Labels } from "../series/labels.ts";
import type { Table } from "../series/table.ts";
import type { Calendar } from "../series/time-zone.ts";
import type { Interval } from "../signals/interval.ts";
import type { TargetHistory } from "./subject-history.ts";

/** The statistical rules as they stand on one target: detector memory shared by signal, and each rule's judgement. */
export class TargetRules {
  readonly history: TargetHistory;
  readonly #table: Table;
  readonly #kinship: Kinship;
  #watches = new Map<string, Watch>();
  #judges = new Map<AlertRule, Judge>();
  /** The detector series of each rule's subjects that are not stale. */
  #published = new Map<AlertRule, Map<Watched, readonly Labels[]>>();
  /** What watches that are gone had refused. */
  #refused = 0;

  /** @param kinship where subjects of other targets are found */
  constructor(table: Table, kinship: Kinship, history: TargetHistory) {
    this.#table = table;
    this.#kinship = kinship;
    this.history = history;
  }

  /**
   * Takes other rules; what was learned of a signal that is still watched is kept.
   * @param calendar whose hours and days off daily profiles follow
   * @param before the rules whose verdicts others go on with
   * @param alike whether a rule writes the detector series that the rule before it wrote
   * @returns detector series that nobody writes any more
   */
  install(
    rules: readonly AlertRule[],
    calendar: Calendar,
    before: ReadonlyMap<AlertRule, AlertRule> = NO_RULES,
    alike: (rule: AlertRule, before: AlertRule) => boolean = () => false,
  ): readonly Labels[] {
    const watches = new Map<string, Watch>();
    const judges = new Map<AlertRule, Judge>();
    const heirs = new Map<AlertRule, AlertRule>();
    const published = new Map<AlertRule, Map<Watched, readonly Labels[]>>();
    for (const rule of rules) {
      const detect = seriesDetect(rule);
      if (!detect) continue;
      const key = Watch.key(detect, calendar);
      const watch = watches.get(key) ?? this.#watches.get(key) ?? this.#watch(detect, key, calendar);
      watches.set(key, watch);
      const was = before.get(rule);
      const judge = was && this.#judges.get(was);
      judges.set(rule, new Judge(detect, watch, judge));
      if (!was || judge?.watch !== watch) continue;
      heirs.set(rule, was);
      const series = this.#published.get(was);
      if (!series || !alike(rule, was)) continue;
      published.set(rule, series);
      this.#published.delete(was);
    }
    for (const [key, watch] of this.#watches) {
      if (watches.get(key) === watch) continue;
      this.#refused += watch.refused;
      watch.close();
    }
    const stale = [...this.#published.values()].flatMap((subjects) => [...subjects.values()].flat());
    this.history.replace(heirs);
    this.#watches = watches;
    this.#judges = judges;
    this.#published = published;
    return stale;
  }

  /** How often a subject was not watched because there were too many. */
  get refused(): number {
    let refused = this.#refused;
    for (const watch of this.#watches.values()) refused += watch.refused;
    return refused;
  }

  /**
   * Moves every watch over a new interval.
   * @param announced whether somebody said that this model change was coming
   */
  advance(
    interval: Interval,
    events: readonly ModelEvent[],
    announced: (event: ModelEvent) => boolean,
    at: number,
  ): void {
    const loads = byModel(events.filter(isLoad));
    const announcedLoads = byModel(events.filter(isLoad).filter(announced));
    for (const watch of this.#watches.values()) {
      watch.advance(interval, (labels) => concerned(loads, labels));
      if (events.some((event) => event.kind === "restarted")) watch.settle(() => true, at);
      if (announcedLoads.size > 0) watch.settle((labels) => concerned(announcedLoads, labels), at);
    }
  }

  judge(rule: AlertRule): Judge | undefined {
    return this.#judges.get(rule);
  }

  judges(): Iterable<readonly [AlertRule, Judge]> {
    return this.#judges;
  }

  /** The detector series last written for a rule's subjects. */
  published(rule: AlertRule): Map<Watched, readonly Labels[]> {
    return this.#published.get(rule) ?? new Map();
  }

  publish(rule: AlertRule, series: Map<Watched, readonly Labels[]>): void {
    this.#published.set(rule, series);
  }

  /** After every rule judged. */
  learn(): void {
    for (const watch of this.#watches.values()) watch.learn();
  }

  /** The target is gone. */
  close(): void {
    for (const watch of this.#watches.values()) watch.close();
    this.history.close();
  }

  #watch(detect: SeriesDetect, key: string, calendar: Calendar): Watch {
    return new Watch(detect, this.#table, calendar, this.#kinship.of(key));
  }
}

const NO_RULES: ReadonlyMap<AlertRule, AlertRule> = new Map();

/** A rule's detector as it runs on one target: every subject carries job and instance, which tell targets apart. */
function seriesDetect(rule: AlertRule): SeriesDetect | undefined {
  if (rule.condition.kind !== "detect") return undefined;
  const { detect } = rule.condition;
  return watchesSeries(detect) ? { ...detect, by: subjectLabels(detect) } : undefined;
}

/** The labels of a rule's subjects: what `by` says, and always those of the target. */
export const subjectLabels = ({ by }: Detect): readonly string[] => [...new Set(["job", "instance", ...by])];

function byModel(loads: readonly LoadEvent[]): ReadonlyMap<string, readonly LoadEvent[]> {
  const found = new Map<string, LoadEvent[]>();
  for (const load of loads) {
    const model = load.id.get("model") ?? "";
    const known = found.get(model);
    if (known) known.push(load);
    else found.set(model, [load]);
  }
  return found;
}

/** Whether a subject is of a model that was loaded; one that is of no model in particular is not. */
const concerned = (loads: ReadonlyMap<string, readonly LoadEvent[]>, labels: Labels): boolean =>
  loads
    .get(labels.get("model") ?? "")
    ?.some(({ id }) =>
      id.pairs.every(([name, value]) => labels.get(name) === undefined || labels.get(name) === value),
    ) ?? false;
